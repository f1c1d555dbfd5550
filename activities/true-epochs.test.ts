import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, it } from 'vitest';
import type { Projection } from '../results/runs.ts';
import type { ResultStore } from '../results/store.ts';
import { withTrueEpochs } from './true-epochs.ts';

it('gives the writes of a reset run the start that the server knows, and asks for it once', async () => {
  const written: number[] = [];
  const asked: string[] = [];
  const store = { project: async ({ epoch }: Projection) => written.push(epoch) > 0 } as unknown as ResultStore;
  const startOf = async ({ runId }: { runId: string }): Promise<number> => {
    asked.push(runId);
    return 9_000;
  };
  const results = withTrueEpochs(store, { startOf });
  const environment = new MockActivityEnvironment({ workflowExecution: { workflowId: 'backtest/1', runId: 'of the reset' } });
  const write = (reset: boolean, sequence: number): Promise<boolean> =>
    environment.run(() => results.project({ runId: '1', epoch: 1_000, reset, sequence, change: {} }));
  for (const sequence of [1, 2]) await write(true, sequence);
  await write(false, 3);
  expect(written).toEqual([9_000, 9_000, 1_000]);
  expect(asked).toEqual(['of the reset']);
});
