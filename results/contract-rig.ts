import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, type TestContext } from 'vitest';
import type { RunStatus } from '../shared/names.ts';
import { BacktestSpec, type BacktestSpecInput } from '../shared/spec.ts';
import type { FullRunRow, Projection, RunQuery } from './runs.ts';
import type { ResultStore } from './store.ts';

/** Empty rows for one test; where there can be none, it skips the test with the reason. `open` may be called again for a second connection to the same rows. */
interface StoreFixture {
  open(): ResultStore;
  dispose(): void | Promise<void>;
}

export type CreateFixture = (context: TestContext) => StoreFixture | Promise<StoreFixture>;

export const owner = 'local';

/** What the contract's tests say often, over a store that is fresh for each of them. */
export type ContractRig = ReturnType<typeof createContractRig>;

export function createContractRig(createFixture: CreateFixture) {
  let fixture: StoreFixture;
  let store: ResultStore;
  const opened: ResultStore[] = [];
  const open = (): ResultStore => {
    const another = fixture.open();
    opened.push(another);
    return another;
  };
  beforeEach(async (context) => {
    fixture = await createFixture(context);
    store = open();
  });
  afterEach(async () => {
    for (const each of opened.splice(0)) each.close();
    await fixture?.dispose();
  });

  const accept = async (spec = specOf(), by = owner): Promise<FullRunRow> => {
    // Version 7 rises with time: runs of one millisecond are listed in the order of their ids.
    const submitted = await store.submit({ id: uuidv7(), kind: 'backtest', owner: by, spec, total: 100, idempotency: null });
    if (submitted.outcome !== 'accepted') throw new Error(`not accepted: ${submitted.outcome}`);
    return submitted.run;
  };
  const change = (run: FullRunRow, epoch: number, sequence: number, what: Projection['change']): Promise<boolean> =>
    store.project({ runId: run.id, epoch, sequence, change: what });
  const now = async (run: FullRunRow): Promise<FullRunRow> => {
    const row = await store.get(run.owner, run.id);
    if (!row) throw new Error('the run is gone');
    return row;
  };
  const finish = (run: FullRunRow, status: RunStatus = 'completed') => change(run, 1, 99, { status, phase: null });
  const ids = async (query: Partial<RunQuery>): Promise<string[]> =>
    (await store.list(owner, { order: 'newest', limit: 50, ...query })).map((run) => run.id);

  return { store: () => store, open, accept, change, now, finish, ids };
}

export function specOf(changes: Partial<BacktestSpecInput> & { symbols?: string[]; strategyName?: string } = {}): BacktestSpec {
  const { symbols = ['AAPL'], strategyName = 'sma-cross', ...rest } = changes;
  return BacktestSpec.parse({ data: { source: 'sample', symbols }, strategy: { name: strategyName }, ...rest });
}
