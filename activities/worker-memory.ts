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

interface Wanted {
  ref: ArtifactRef;
  own: boolean;
}

/** Half of the budget is for datasets and half for jobs; one dataset is never larger than its half, so that whoever is first in line always fits. */
export function createWorkerMemory(threads: ThreadPools, { budgetBytes, jobs }: WorkerMemoryOptions): WorkerMemory {
  const memoryBytes = Math.floor(budgetBytes / 2 / jobs);
  const datasets = createLoadedDatasets(threads);
  const verify = createVerify(threads);
  let taken = 0;

  const isStreamed = (ref: ArtifactRef): boolean => ref.bytes > budgetBytes / 2;
  /** Of a job, beside a dataset that is shared. */
  const bytesOf = ({ ref, own }: Wanted): number => memoryBytes + (own && !isStreamed(ref) ? ref.bytes : 0);

  const wait = createLine((wanted) => {
    const isShared = !wanted.own && !isStreamed(wanted.ref);
    if (!datasets.makeRoom(budgetBytes - taken - bytesOf(wanted), isShared ? wanted.ref : null)) return undefined;
    taken += bytesOf(wanted);
    return isShared ? datasets.pin(wanted.ref) : null;
  });

  return {
    isStreamed,
    async use(ref, work, { own = false, signal } = {}) {
      const wanted = { ref, own };
      const entry = await wait.turn(wanted, signal);
      try {
        if (isStreamed(ref)) await verify(ref);
        return await work({ dataset: (await entry?.dataset) ?? null, memoryBytes });
      } finally {
        if (entry !== null) entry.users--;
        taken -= bytesOf(wanted);
        wait.serve();
      }
    },
  };
}

/** First come, first served. `grant` answers what its turn gives to whoever is first in line, or undefined while there is no room for it. */
function createLine(grant: (wanted: Wanted) => Loaded | null | undefined) {
  const waiting: { wanted: Wanted; go: (entry: Loaded | null) => void }[] = [];

  function serve(): void {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const entry = grant(first.wanted);
      if (entry === undefined) return;
      waiting.shift();
      first.go(entry);
    }
  }

  function turn(wanted: Wanted, signal: AbortSignal | undefined): Promise<Loaded | null> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        const place = waiting.indexOf(own);
        if (place < 0) return;
        waiting.splice(place, 1);
        reject(signal!.reason as Error);
        serve();
      };
      const go = (entry: Loaded | null) => {
        signal?.removeEventListener('abort', leave);
        resolve(entry);
      };
      const own = { wanted, go };
      waiting.push(own);
      signal?.addEventListener('abort', leave, { once: true });
      serve();
      if (signal?.aborted) leave();
    });
  }

  return { turn, serve };
}

/** Datasets in memory that all threads share. */
function createLoadedDatasets(threads: ThreadPools) {
  // A Map keeps insertion order: the first is the least recently used one.
  const loaded = new Map<string, Loaded>();
  return {
    /** Gives up what nobody uses, as far as it takes for all that stays, and `more`, to fit into so many bytes; answers whether it fits then. */
    makeRoom(bytes: number, more: ArtifactRef | null): boolean {
      let free = bytes - [...loaded.values()].reduce((sum, entry) => sum + entry.bytes, 0);
      if (more !== null && !loaded.has(more.sha256)) free -= more.bytes;
      for (const [key, entry] of loaded) {
        if (free >= 0) break;
        if (entry.users > 0 || key === more?.sha256) continue;
        loaded.delete(key);
        free += entry.bytes;
      }
      return free >= 0;
    },
    pin(ref: ArtifactRef): Loaded {
      const entry = loaded.get(ref.sha256) ?? { bytes: ref.bytes, users: 0, dataset: threads.run('loadDataset', ref) };
      loaded.delete(ref.sha256);
      loaded.set(ref.sha256, entry);
      entry.users++;
      entry.dataset.catch(() => loaded.get(ref.sha256) === entry && loaded.delete(ref.sha256));
      return entry;
    },
  };
}

/** A stretch is too short to be checked against the hash of the file, so that is done once a process. */
function createVerify(threads: ThreadPools): (ref: ArtifactRef) => Promise<void> {
  const verified = new Map<string, Promise<void>>();
  return (ref) => {
    const known = verified.get(ref.sha256) ?? threads.run('verifyDataset', ref);
    verified.set(ref.sha256, known);
    known.catch(() => verified.delete(ref.sha256));
    return known;
  };
}
