import { v7 as uuidv7 } from 'uuid';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryStore } from '../artifacts/temporary-store.ts';
import type { ListedSchedules } from '../orchestration/schedules.ts';
import { createSqliteStore } from '../results/sqlite.ts';
import { Timing } from '../shared/schedule-timing.ts';
import { BacktestSpec } from '../shared/spec.ts';
import { reconcileSchedules } from './reconcile-schedules.ts';

const owner = 'local';
const LATER = Date.now() + 60_000;

/** Real rows, and a Temporal that has these schedules. */
async function opened() {
  const { folder } = await temporaryStore();
  const results = createSqliteStore({ file: `${folder}/rows.sqlite`, sync: 'normal' });
  onTestFinished(() => results.close());
  const temporal = new Set<string>();
  const foreign = new Set<string>();
  const schedules: ListedSchedules = {
    settle: async (_rows, { id }) => void temporal.add(id),
    remove: async (id) => void temporal.delete(id),
    describe: async (id) => (temporal.has(id) ? { paused: false, note: null, nextRuns: [], skippedByOverlap: 0, missed: 0 } : null),
    control: () => Promise.reject(new Error('not to be asked')),
    ids: async function* () {
      yield* temporal;
    },
    isOwn: async (id) => temporal.has(id) && !foreign.has(id),
  };
  async function create({ applied = true } = {}): Promise<string> {
    const id = uuidv7();
    const spec = BacktestSpec.parse({ data: { source: 'sample', symbols: ['AAPL'] }, strategy: { name: 'sma-cross' } });
    await results.createSchedule({
      id,
      owner,
      name: 'N',
      spec,
      timing: Timing.parse({ cron: '0 3 * * *' }),
      beginsPaused: false,
      idempotency: null,
    });
    if (applied) await results.scheduleApplied(id, 1);
    return id;
  }
  return { results, schedules, temporal, foreign, create };
}

it('schedules that Temporal has lost are made anew, those without a row are taken out, and foreign ones stay', async () => {
  const { results, schedules, temporal, foreign, create } = await opened();
  const [kept, lost, orphan, other] = [await create(), await create(), uuidv7(), uuidv7()];
  for (const id of [kept, orphan, other]) temporal.add(id);
  foreign.add(other);
  expect(await reconcileSchedules({ results, schedules }, LATER)).toEqual({ made: 1, removed: 1 });
  expect([...temporal].toSorted()).toEqual([kept, lost, other].toSorted());
  expect(await reconcileSchedules({ results, schedules }, LATER)).toEqual({ made: 0, removed: 0 });
});

it('schedules that are being made just now are left to whoever makes them', async () => {
  const { results, schedules, temporal, create } = await opened();
  await create();
  await create({ applied: false });
  expect(await reconcileSchedules({ results, schedules }, Date.now() - 1_000)).toEqual({ made: 0, removed: 0 });
  expect(temporal.size).toBe(0);
});
