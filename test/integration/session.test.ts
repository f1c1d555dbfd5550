import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { BacktestSpecInput } from '../../shared/spec.ts';
import { startService, type Service } from '../rig/service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService({ temporalAddress: inject('temporalAddress') });
  await service.startWorker();
});
afterAll(() => service?.[Symbol.asyncDispose]());

/** Half-hours around the clock from a Friday on; New York's clocks go forward in the night to Sunday 2024-03-10. */
const halfHours: BacktestSpecInput = {
  data: {
    source: 'synthetic',
    symbols: ['A'],
    timeframe: '30m',
    from: '2024-03-08',
    to: '2024-03-12',
    timeZone: 'America/New_York',
    session: { from: '09:30', to: '16:00', weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'] },
    synthetic: { bars: 240 },
  },
  strategy: { name: 'buy-and-hold', params: {} },
};

describe('a run on the session of an exchange', () => {
  it('has its bars only, by the clock on the wall, and a return for each day', async () => {
    const run = await service.submit(halfHours);
    const { metrics } = await service.completed(run.id);
    const { body } = await service.get<{ columns: { time: string[] } }>(`/v1/backtests/${run.id}/equity`);
    const { time } = body.columns;
    const days = Object.groupBy(time, (each) => each.slice(0, 10));
    expect(
      Object.entries(days).map(([day, times]) => [day, times![0]!.slice(11, 16), times!.at(-1)!.slice(11, 16), times!.length]),
    ).toEqual([
      ['2024-03-08', '14:30', '20:30', 13],
      ['2024-03-11', '13:30', '19:30', 13],
      ['2024-03-12', '13:30', '19:30', 13],
    ]);
    // Decided at the close of bar 1, bought at the open of bar 2.
    expect(metrics.exposure).toBeCloseTo(37 / 39, 12);
  });

  it('is refused for every fault of session and zone at once', async () => {
    const data = { ...halfHours.data, timeZone: 'Mars', session: { from: '09:10', to: '16:00' } };
    await expect(service.submit({ ...halfHours, data })).rejects.toThrow(/422.*timeZone.*session\.from/);
    const weekdays = ['mon', 'someday'] as unknown as ['mon'];
    const clock = { ...halfHours.data, session: { from: '25:00', to: '16:00', weekdays } };
    await expect(service.submit({ ...halfHours, data: clock })).rejects.toThrow(/422.*session\.from.*session\.weekdays/);
  });
});
