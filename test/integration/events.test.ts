import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { ReceivedEvent } from '../rig/events.ts';
import { allEvents, faultsIn, storyOf, watchEvents } from '../rig/events.ts';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { randomOf } from '../rig/seeds.ts';
import { startService, type Service } from '../rig/service.ts';
import { longRun } from '../rig/specs.ts';

let service: Service;
beforeAll(async () => {
  service = await startService({ temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY });
});
afterAll(() => service?.[Symbol.asyncDispose]());

const eventsOf = (id: string): string => `${service.url}/v1/backtests/${id}/events`;

/** 1 to 5 events a connection. */
function dropping(seed: number): () => number {
  const random = randomOf(seed);
  return () => Math.ceil(random.between(0, 5));
}

it('tells all watchers one story, over their own reconnects and the deaths of a worker and of the API', { timeout: 120_000 }, async () => {
  const run = await service.submit(longRun(4));
  const firstCurve = Promise.withResolvers<void>();
  const laterCurve = Promise.withResolvers<void>();
  const until = (events: readonly ReceivedEvent[]): boolean => {
    const slices = events.filter(({ name }) => name === 'equity').length;
    if (slices >= 1) firstCurve.resolve();
    if (slices >= 3) laterCurve.resolve();
    return events.at(-1)?.name === 'done';
  };
  const watching = [
    watchEvents(eventsOf(run.id), { until }),
    ...[11, 12, 13].map((seed) => watchEvents(eventsOf(run.id), { dropAfter: dropping(seed) })),
  ];

  const worker = await service.startWorker();
  await firstCurve.promise;
  await worker.kill('SIGKILL');
  await service.startWorker();
  await laterCurve.promise;
  await service.api.kill('SIGKILL');
  await service.startApi();

  const watched = await Promise.all(watching);
  const afterwards = await allEvents(eventsOf(run.id));
  for (const events of [...watched, afterwards]) {
    expect(faultsIn(events)).toEqual([]);
    expect(storyOf(events)).toEqual(storyOf(afterwards));
  }
  expect(afterwards.at(-1)).toMatchObject({ name: 'done', data: { status: 'completed' } });
  const told = afterwards.flatMap((event) => (event.name === 'equity' ? [event.data.columns] : []));
  const bars = told.flatMap(({ bar }) => bar);
  // 200,000 bars, of which every hundredth is told.
  expect(bars).toEqual(Array.from({ length: 2_000 }, (_, index) => 100 * index + 99));
  const { body } = await service.get<{ columns: { equity: number[] } }>(`/v1/backtests/${run.id}/equity`);
  expect(told.flatMap(({ equity }) => equity)).toEqual(bars.map((bar) => body.columns.equity[bar]));
});

it('tells all runs over one connection, each as its own stream does', { timeout: 60_000 }, async () => {
  const both = watchEvents(`${service.url}/v1/events`, {
    dropAfter: dropping(14),
    until: (events) => events.filter(({ name }) => name === 'done').length === 2,
  });
  const runs = await Promise.all([service.submit(longRun(2, 21)), service.submit(longRun(1, 22))]);
  await service.post(`/v1/backtests/${runs[0].id}/pause`);
  await service.until(runs[0].id, ({ status }) => status === 'paused');
  await service.post(`/v1/backtests/${runs[0].id}/resume`);
  const events = await both;
  for (const { id } of runs) {
    const ofRun = events.filter(({ data }) => data.runId === id);
    expect(faultsIn(ofRun)).toEqual([]);
    expect(storyOf(ofRun)).toEqual(storyOf(await allEvents(eventsOf(id))));
  }
});
