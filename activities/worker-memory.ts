import type { ArtifactRef } from '../shared/artifact.ts';
import type { Dataset } from '../shared/bars.ts';
import type { ThreadPools } from './thread-pools.ts';

/** What a job may take of the worker's memory. */
export interface Share {
  /** Shared by all threads; null where it is too large, and is to be read stretch by stretch. */
  dataset: Dataset | null;
  /** For all else that the job holds. */
  memoryBytes: number;
}

/** The memory of a worker: datasets that are kept loaded, and the jobs that work on them. */
export interface WorkerMemory {
  /** Whether a dataset is too large to be in memory as a whole. */
  isStreamed(ref: ArtifactRef): boolean;
  /**
   * Does the work once there is room for it: first come, first served. An abort ends the waiting with what the signal says. A dataset stays loaded
   * while somebody works on it.
   * @param own The work loads the dataset itself, in a process of its own: `dataset` is null then.
   */
  use<Result>(
    ref: ArtifactRef,
    work: (share: Share) => Promise<Result>,
    options?: { own?: boolean; signal?: AbortSignal },
  ): Promise<Result>;
}

export interface WorkerMemoryOptions {
  budgetBytes: number;
  /** Jobs that should never wait for each other. */
  jobs: number;
}

interface Loaded {
  bytes: number;
  users: number;
  dataset: Promise<Dataset>;
}

interface Request {
  ref: ArtifactRef;
  own: boolean;
  /** With its dataset, where it has a share in one. */
  grant: (entry: Loaded | null) => void;
}

/** Half of the budget is for datasets and half for jobs; one dataset is never larger than its half, so that whoever is first in line always fits. */
export function createWorkerMemory(threads: ThreadPools, { budgetBytes, jobs }: WorkerMemoryOptions): WorkerMemory {
  const largest = budgetBytes / 2;
  const memoryBytes = Math.floor(budgetBytes / 2 / jobs);
  const loaded = new Map<string, Loaded>();
  const verified = new Map<string, Promise<void>>();
  const waiting: Request[] = [];
  let taken = 0;

  const isStreamed = (ref: ArtifactRef): boolean => ref.bytes > largest;
  /** Of a job, beside a dataset that is shared. */
  const bytesOf = ({ ref, own }: Pick<Request, 'ref' | 'own'>): number => memoryBytes + (own && !isStreamed(ref) ? ref.bytes : 0);
  const isShared = ({ ref, own }: Request): boolean => !own && !isStreamed(ref);

  function fits(request: Request): boolean {
    const { ref } = request;
    const wanted = bytesOf(request) + (isShared(request) && !loaded.has(ref.sha256) ? ref.bytes : 0);
    let free = budgetBytes - taken - [...loaded.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    // A Map keeps insertion order: the first is the least recently used one.
    for (const [key, { users, bytes }] of loaded) {
      if (free >= wanted) break;
      if (users > 0 || key === ref.sha256) continue;
      loaded.delete(key);
      free += bytes;
    }
    return free >= wanted;
  }

  function serve(): void {
    while (waiting.length > 0 && fits(waiting[0]!)) {
      const request = waiting.shift()!;
      taken += bytesOf(request);
      // At once, before the next is served: this is what the room was for.
      request.grant(isShared(request) ? pin(request.ref) : null);
    }
  }

  function wait(request: Omit<Request, 'grant'>, signal: AbortSignal | undefined): Promise<Loaded | null> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        const place = waiting.indexOf(whole);
        if (place < 0) return;
        waiting.splice(place, 1);
        reject(signal!.reason as Error);
        serve();
      };
      const grant: Request['grant'] = (entry) => {
        signal?.removeEventListener('abort', stop);
        resolve(entry);
      };
      const whole = { ...request, grant };
      waiting.push(whole);
      signal?.addEventListener('abort', stop, { once: true });
      serve();
      if (signal?.aborted) stop();
    });
  }

  function pin(ref: ArtifactRef): Loaded {
    const entry = loaded.get(ref.sha256) ?? { bytes: ref.bytes, users: 0, dataset: threads.run('loadDataset', ref) };
    loaded.delete(ref.sha256);
    loaded.set(ref.sha256, entry);
    entry.users++;
    entry.dataset.catch(() => loaded.get(ref.sha256) === entry && loaded.delete(ref.sha256));
    return entry;
  }

  /** A stretch is too short to be checked against the hash of the file, so that is done once a process. */
  function verify(ref: ArtifactRef): Promise<void> {
    const known = verified.get(ref.sha256) ?? threads.run('verifyDataset', ref);
    verified.set(ref.sha256, known);
    known.catch(() => verified.delete(ref.sha256));
    return known;
  }

  return {
    isStreamed,
    async use(ref, work, { own = false, signal } = {}) {
      const request = { ref, own };
      const entry = await wait(request, signal);
      try {
        if (entry === null && isStreamed(ref)) await verify(ref);
        return await work({ dataset: (await entry?.dataset) ?? null, memoryBytes });
      } finally {
        if (entry !== null) entry.users--;
        taken -= bytesOf(request);
        serve();
      }
    },
  };
}
