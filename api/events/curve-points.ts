import { createCheckpointStore } from '../../artifacts/checkpoints.ts';
import { createChunkStore, type Chunk } from '../../artifacts/chunks.ts';
import type { ArtifactStore } from '../../artifacts/store.ts';
import type { ResultStore } from '../../results/store.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';

/** A run's curve is told in about so many points, evenly spread over all of its bars. */
const POINTS_PER_RUN = 2_000;
/** Runs whose points are kept, at about 100 kB each. */
const MOST_RUNS = 200;

export interface CurvePoint {
  bar: number;
  ts: number;
  equity: number;
  cash: number;
  exposure: number;
}

interface Known {
  /** The points are all those of the bars [fromBar, toBar). */
  fromBar: number;
  toBar: number;
  total: number;
  points: CurvePoint[];
}

interface Wanted {
  owner: string;
  runId: string;
  fromBar: number;
  toBar: number;
}

export interface CurvePoints {
  /**
   * The points that watchers get of the bars [fromBar, toBar): of every `n`th bar, where `n` depends on the run's total alone, and of its
   * last. So a bar number says which points were sent. None when the run was deleted, or its chunks are gone for good.
   */
  between(wanted: Wanted): Promise<{ points: CurvePoint[]; total: number }>;
}

/** Reads points out of the chunks that slices stored. Each chunk is read once a process, one at a time, however many watch. */
export function createCurvePoints({ store, artifacts }: { store: Pick<ResultStore, 'get'>; artifacts: ArtifactStore }): CurvePoints {
  const checkpoints = createCheckpointStore(artifacts);
  const chunks = createChunkStore(artifacts);
  const known = new Map<string, Known>();
  let turn: Promise<unknown> = Promise.resolve();

  async function load({ owner, runId, fromBar, toBar }: Wanted): Promise<Known | null> {
    const before = known.get(runId);
    const usable = before !== undefined && before.fromBar <= fromBar;
    if (usable && before.toBar >= toBar) return before;
    const run = await store.get(owner, runId);
    if (run === null || run.checkpoint === null) return null;
    const { bar, total, ended, chunk } = await checkpoints.read(run.checkpoint);
    const from = usable ? before.toBar : fromBar;
    const points = usable ? [...before.points] : [];
    const stride = Math.ceil(total / POINTS_PER_RUN);
    const isSent = (at: number): boolean => (at + 1) % stride === 0 || (ended !== null && at === bar - 1);
    for (const ref of await refsSince(chunk, from)) points.push(...pick(await chunks.read(ref), from, isSent));
    return { fromBar: usable ? before.fromBar : fromBar, toBar: Math.max(from, bar), total, points };
  }

  /** The chunks that hold bars from a bar on, in order. */
  async function refsSince(last: ArtifactRef | null, fromBar: number): Promise<ArtifactRef[]> {
    const refs: ArtifactRef[] = [];
    for (let ref = last; ref !== null;) {
      const { previous, toBar } = await chunks.readHead(ref);
      if (toBar <= fromBar) break;
      refs.push(ref);
      ref = previous;
    }
    return refs.toReversed();
  }

  return {
    between(wanted) {
      const loading = turn.then(async () => {
        const found = await load(wanted).catch(async () => {
          // A store that is away is worth waiting for, and fails here; a file that is lost must not hold up all that follows it.
          await artifacts.check();
          return null;
        });
        if (found === null) return { points: [], total: 0 };
        keepNewest(known, wanted.runId, found);
        const points = found.points.filter(({ bar }) => bar >= wanted.fromBar && bar < wanted.toBar);
        return { points, total: found.total };
      });
      turn = loading.catch(() => undefined);
      return loading;
    },
  };
}

function pick({ fromBar, toBar, curve }: Chunk, from: number, isSent: (bar: number) => boolean): CurvePoint[] {
  const points: CurvePoint[] = [];
  for (let bar = Math.max(from, fromBar); bar < toBar; bar++) {
    if (!isSent(bar)) continue;
    const at = bar - fromBar;
    points.push({ bar, ts: curve.ts[at]!, equity: curve.equity[at]!, cash: curve.cash[at]!, exposure: curve.exposure[at]! });
  }
  return points;
}

function keepNewest(known: Map<string, Known>, runId: string, found: Known): void {
  known.delete(runId);
  known.set(runId, found);
  const oldest = known.keys().next().value;
  if (known.size > MOST_RUNS && oldest !== undefined) known.delete(oldest);
}
