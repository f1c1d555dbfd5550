import { setTimeout as delay } from 'node:timers/promises';
import type { RunChange } from '../../results/runs.ts';
import type { ResultStore } from '../../results/store.ts';

const FIRST_WAIT_MS = 40;
const LONGEST_WAIT_MS = 250;
const KEEP_ALIVE_MS = 15_000;
/** Changes read at once: what a reader that lags holds in memory at most. */
const PAGE = 50;

/** One run of an owner, or (null) all of them. */
export interface Watched {
  owner: string;
  runId: string | null;
}

export interface Watch {
  /** The changes after a change, at most a page of them. Waits for the first; none when it is time for a sign of life, or when closed. */
  next(after: number): Promise<RunChange[]>;
  readonly closed: boolean;
  close: () => void;
}

export interface ChangeFeed {
  watch(watched: Watched): Promise<Watch>;
  /** Ends every watch. */
  close(): void;
}

type Changes = Pick<ResultStore, 'changesAfter' | 'lastChange'>;

/**
 * Tells what happens to runs. However many watch the same, the rows are asked once each 250 ms at most; who lags behind the last answer
 * reads on by itself, at its own pace, so that nothing is queued for anyone.
 */
export function createChangeFeed(store: Changes): ChangeFeed {
  const channels = new Map<string, Channel>();
  return {
    async watch(watched) {
      const key = JSON.stringify([watched.owner, watched.runId]);
      const from = await store.lastChange(watched.owner);
      const channel = channels.get(key) ?? openChannel({ store, watched, from, emptied: () => channels.delete(key) });
      channels.set(key, channel);
      return channel.join();
    },
    close() {
      for (const channel of channels.values()) channel.close();
    },
  };
}

/** The last answer of the rows, which is all that most readers need; who is further behind asks by itself. */
function createWindow(read: (after: number) => Promise<RunChange[]>, from: number) {
  /** All changes of (since, until]. */
  let answer = { since: from, until: from, changes: [] as RunChange[] };
  return {
    /** Moves on to what happened since; false when nothing did. */
    async advance(): Promise<boolean> {
      const changes = await read(answer.until);
      const last = changes.at(-1);
      if (last !== undefined) answer = { since: answer.until, until: last.change, changes };
      return last !== undefined;
    },
    async after(change: number): Promise<RunChange[]> {
      if (change >= answer.until) return [];
      return change >= answer.since ? answer.changes.filter((each) => each.change > change) : read(change);
    },
  };
}

interface Channel {
  join(): Watch;
  close(): void;
}

interface ChannelOptions {
  store: Changes;
  watched: Watched;
  /** Number of the change from which on rows are asked. */
  from: number;
  emptied: () => void;
}

function openChannel({ store, watched, from, emptied }: ChannelOptions): Channel {
  const window = createWindow((after) => store.changesAfter({ ...watched, after, limit: PAGE }), from);
  const members = new Map<Watch, PromiseWithResolvers<void>>();
  const polling = new AbortController();

  function wakeAll(): void {
    for (const [member, waiting] of members) {
      members.set(member, Promise.withResolvers());
      waiting.resolve();
    }
  }

  function leave(member: Watch): void {
    members.get(member)?.resolve();
    if (!members.delete(member) || members.size > 0) return;
    polling.abort();
    emptied();
  }

  function join(): Watch {
    const watch: Watch = {
      async next(after) {
        const waiting = members.get(watch);
        if (waiting === undefined) return [];
        const changes = await window.after(after);
        if (changes.length > 0) return changes;
        await waiting.promise;
        return members.has(watch) ? window.after(after) : [];
      },
      get closed() {
        return !members.has(watch);
      },
      close: () => leave(watch),
    };
    members.set(watch, Promise.withResolvers());
    if (members.size === 1) void pollWhile(polling.signal, () => window.advance(), wakeAll);
    return watch;
  }

  return {
    join,
    close: () => {
      for (const member of members.keys()) leave(member);
    },
  };
}

/** Asks for news until the signal aborts; wakes when there is some, and now and then for a sign of life. */
async function pollWhile(signal: AbortSignal, advance: () => Promise<boolean>, wake: () => void): Promise<void> {
  let wait = FIRST_WAIT_MS;
  let woken = performance.now();
  while (!signal.aborted) {
    // The rows may be away for a while: watchers wait, and miss nothing.
    const isNews = await advance().catch(() => false);
    if (isNews || performance.now() - woken >= KEEP_ALIVE_MS) {
      woken = performance.now();
      wake();
    }
    await delay(wait, undefined, { signal, ref: false }).catch(() => undefined);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}
