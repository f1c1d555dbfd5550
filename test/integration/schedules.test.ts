import path from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { createSqliteStore } from '../../results/sqlite.ts';
import { EMBEDDED_OWNER, isTerminal } from '../../shared/names.ts';
import type { Run } from '../../shared/run.ts';
import type { ResultWithNight, Schedule, SweepResultWithNight } from '../../shared/schedule.ts';
import { Timing } from '../../shared/schedule-timing.ts';
import { BacktestSpec, type BacktestSpecInput } from '../../shared/spec.ts';
import type { Sweep } from '../../shared/sweep.ts';
import { RARELY, compared, createSchedule, nightly, nightsOf, untilNights, untilSchedule } from '../rig/schedules.ts';
import { startService, type Service } from '../rig/service.ts';
import { longRun } from '../rig/specs.ts';
import { completedSweep, smallSweep, submitSweep } from '../rig/sweeps.ts';

const MODULES = path.resolve(import.meta.dirname, '../fixtures/modules');

let service: Service;
beforeAll(async () => {
  service = await startService({
    temporalAddress: inject('temporalAddress'),
    env: { HOLDFAST_SLICE_SECONDS: '0.5', HOLDFAST_RECONCILE_SECONDS: '1', HOLDFAST_MODULES: MODULES },
  });
  await service.startWorker();
});
afterAll(() => service?.[Symbol.asyncDispose]());

const trigger = ({ links }: Schedule, body: object = {}, headers: Record<string, string> = {}) =>
  service.post(`${links.self}/trigger`, body, headers);
/** Days of New York. */
const backfill = ({ links }: Schedule, from: string, to: string) =>
  service.post(`${links.self}/backfill`, { from: `${from}T00:00:00-05:00`, to: `${to}T23:59:59-05:00` });
const dataOf = async (runId: string) => (await service.get<Run>(`/v1/backtests/${runId}`)).body.spec.data;

describe('a night', () => {
  it('that is asked for runs at once, and once for one Idempotency-Key', async () => {
    const schedule = await createSchedule(service);
    const key = { 'idempotency-key': 'now' };
    expect((await trigger(schedule, {}, key)).status).toBe(202);
    expect((await trigger(schedule, {}, key)).status).toBe(202);
    expect(await trigger(schedule, { overlap: 'skip' }, key)).toMatchObject({ status: 422, body: { code: 'key_reused' } });
    const [night, ...others] = await compared(service, schedule, 1);
    expect(others).toEqual([]);
    expect(night).toMatchObject({ status: 'completed', error: null, comparison: { before: null, revised: [] } });
    const yesterday = new Date(Date.parse(night!.nominalTime) - 86_400_000).toISOString().slice(0, 10);
    expect(await dataOf(night!.run!)).toMatchObject({ from: '2005-01-03', to: yesterday, asOf: night!.nominalTime });
    expect((await service.get<Schedule>(schedule.links.self)).body.lastRun).toEqual(night);
    const { body: result } = await service.get<ResultWithNight>(`/v1/backtests/${night!.run}/result`);
    expect(result.night).toEqual({ schedule: schedule.id, nominalTime: night!.nominalTime, comparison: night!.comparison });
  });

  it('sees the bars up to its nominal time, over a leap day and a change of clocks, and says what is new since the one before', async () => {
    const schedule = await createSchedule(service, { cron: '30 2 * * *', timeZone: 'America/New_York' });
    await backfill(schedule, '2012-02-28', '2012-03-01');
    await compared(service, schedule, 3);
    // At 2:30 on the 11th there was no such time in New York.
    await backfill(schedule, '2012-03-10', '2012-03-12');
    const nights = await compared(service, schedule, 5);
    expect(nights.map(({ nominalTime }) => nominalTime.slice(0, 16))).toEqual([
      '2012-02-28T07:30',
      '2012-02-29T07:30',
      '2012-03-01T07:30',
      '2012-03-10T07:30',
      '2012-03-12T06:30',
    ]);
    const windows = await Promise.all(nights.map(async ({ run }) => (await dataOf(run!)).to));
    expect(windows).toEqual(['2012-02-27', '2012-02-28', '2012-02-29', '2012-03-09', '2012-03-11']);
    const [, second, , , last] = nights;
    expect(second!.comparison!.before).toEqual({ run: nights[0]!.run, nominalTime: nights[0]!.nominalTime });
    expect(second!.comparison!.metrics.totalReturn).toEqual({
      before: nights[0]!.metrics!['totalReturn'],
      after: second!.metrics!['totalReturn'],
    });
    // A weekend has no bars.
    expect(last!.comparison).toMatchObject({ metrics: {}, trades: { opened: 0, closed: 0 } });
  });

  it('comes twice where the clock shows its time twice', async () => {
    const schedule = await createSchedule(service, { cron: undefined, calendar: [{ hour: 1, minute: 30 }], timeZone: 'America/New_York' });
    await backfill(schedule, '2012-11-04', '2012-11-04');
    const nights = await compared(service, schedule, 2);
    expect(nights.map(({ nominalTime }) => nominalTime.slice(0, 16))).toEqual(['2012-11-04T05:30', '2012-11-04T06:30']);
  });

  it('that is repeated gives the same, and says what made it come out otherwise', async () => {
    const schedule = await createSchedule(service, { cron: '0 5 * * *' });
    await backfill(schedule, '2012-05-02', '2012-05-02');
    await compared(service, schedule, 1);
    await backfill(schedule, '2012-05-02', '2012-05-02');
    const [first, second] = await compared(service, schedule, 2);
    expect(second!.run).not.toBe(first!.run);
    expect([first, second].map((night) => night!.comparison!.revised)).toEqual([[], []]);
    expect(second!.metrics).toEqual(first!.metrics);
    const spec = { ...nightly, strategy: { name: 'sma-cross', params: { fast: 10, slow: 40 } } };
    const changed = await service.send<Schedule>('PATCH', schedule.links.self, { spec });
    expect(changed.body).toMatchObject({ name: 'Nightly', cron: '0 5 * * *', spec: { strategy: { params: { slow: 40 } } } });
    await backfill(schedule, '2012-05-02', '2012-05-02');
    const nights = await compared(service, schedule, 3);
    expect(nights.find(({ comparison }) => comparison!.revised.length > 0)?.comparison!.revised).toEqual(['spec']);
  });

  it('says which trades were entered and left on its new bars', async () => {
    const schedule = await createSchedule(service, { cron: '0 5 1 * *' });
    await backfill(schedule, '2012-10-01', '2012-12-01');
    const nights = await compared(service, schedule, 3);
    const [, , last] = nights;
    const { body } = await service.get<{ columns: { entryTime: string[]; exitTime: string[]; exitReason: string[] } }>(
      `/v1/backtests/${last!.run}/trades`,
    );
    const since = nights[1]!.nominalTime.slice(0, 10);
    const { entryTime, exitTime, exitReason } = body.columns;
    const opened = entryTime.filter((time) => time >= since);
    const closed = exitTime.filter((time, i) => time >= since && exitReason[i] !== 'end');
    expect(last!.comparison!.trades).toMatchObject({ opened: opened.length, closed: closed.length });
    expect(opened.length + closed.length).toBeGreaterThan(0);
    expect(last!.comparison!.trades!.latest.at(-1)!.entryTime).toBe(entryTime.at(-1));
  });

  it('goes on where the one before it ended, to the bytes of a run from the first bar', { timeout: 120_000 }, async () => {
    // Slow enough to be done in slices.
    const strategy = { name: 'synthetic-load', params: { fast: 10, slow: 30, microsecondsPerBar: 150 } };
    const spec: BacktestSpecInput = { data: { source: 'sample', symbols: ['IBM'], from: '2005-01-03', adjust: 'none' }, strategy };
    const schedule = await createSchedule(service, { cron: '0 5 * * *', spec });
    await backfill(schedule, '2012-05-03', '2012-05-04');
    const [first, second] = (await compared(service, schedule, 2)).map((night) => night.comparison!.continued);
    expect(first).toEqual({ newBars: null, full: 'there is no night before' });
    expect(second).toEqual({ newBars: 1, full: null });
    const [, night] = await nightsOf(service, schedule);
    const { body: run } = await service.get<Run>(night!.links.run!);
    expect(run.startedAt).not.toBeNull();
    const whole = await service.completed((await service.submit(run.spec)).id);
    const { body: result } = await service.get<ResultWithNight>(`/v1/backtests/${run.id}/result`);
    expect(result.manifest.resultHash).toBe(whole.manifest.resultHash);
    expect(result.manifest.cpuSeconds).toBeLessThan(whole.manifest.cpuSeconds / 2);
    await service.send('PATCH', schedule.links.self, { spec: { ...spec, account: { cash: 5_000 } } });
    await backfill(schedule, '2012-05-05', '2012-05-05');
    const nights = await compared(service, schedule, 3);
    expect(nights.at(-1)!.comparison!.continued.full).toBe('the schedule was changed since');
  });

  it(
    'of a sweep is a sweep of its own, which says how its trials stand beside those of the night before',
    { timeout: 120_000 },
    async () => {
      const { name: _, ...swept } = smallSweep;
      const spec = { ...swept, data: nightly.data };
      const schedule = await createSchedule(service, { cron: '0 5 * * *', spec });
      expect(schedule).toMatchObject({ kind: 'sweep', spec: { space: spec.space } });
      await backfill(schedule, '2012-05-03', '2012-05-04');
      const [first, second] = await compared(service, schedule, 2);
      expect(first).toMatchObject({ kind: 'sweep', status: 'completed', comparison: { before: null, trades: null } });
      const { body: sweep } = await service.get<Sweep>(second!.links.run!);
      expect(sweep.spec.data).toMatchObject({ to: '2012-05-03', asOf: '2012-05-04T05:00:00.000Z' });
      const [last, result] = await Promise.all(
        [first, second].map(async (night) => (await service.get<SweepResultWithNight>(`${night!.links.run}/result`)).body),
      );
      expect(result!.night).toEqual({ schedule: schedule.id, nominalTime: second!.nominalTime, comparison: second!.comparison });
      const { ranking, metrics, before } = second!.comparison!;
      expect(before!.run).toBe(first!.run);
      expect(ranking!.best).toMatchObject({ before: { params: last!.best!.params }, after: { params: result!.best!.params } });
      expect(ranking!.top.slice(0, 10).map(({ objective }) => objective.after)).toEqual(result!.top.map(({ objective }) => objective));
      expect(metrics.totalReturn).toEqual({ before: last!.best!.metrics.totalReturn, after: result!.best!.metrics.totalReturn });
      expect(second!.metrics).toEqual(result!.best!.metrics);
      expect(second!.comparison!.continued).toEqual({ newBars: 1, full: null });
      // By itself it is the same, and begins at the first bar.
      const { asOf: _asOf, ...data } = sweep.spec.data;
      const alone = await completedSweep(service, (await submitSweep(service, { ...sweep.spec, data, seed: 11 })).id);
      expect(alone).toMatchObject({ cached: 0, manifest: { resultHash: result!.manifest.resultHash } });
      // What was known when a night ran has no end to go on from.
      await backfill(schedule, '2012-05-04', '2012-05-05');
      const nights = await compared(service, schedule, 4);
      expect(nights.at(-1)!.comparison!.continued.full).toBe('the night before computed nothing: its trials had been known');
    },
  );

  it('that cannot be accepted is listed with the reason, and may pause its schedule', async () => {
    const schedule = await createSchedule(service, { pauseOnFailure: true });
    // Before there were any bars.
    await backfill(schedule, '1999-12-31', '2000-01-02');
    const [night] = await untilNights(service, schedule, (nights) => nights.length > 0);
    expect(night).toMatchObject({ status: 'failed', run: null, error: { code: 'invalid_spec' }, comparison: null });
    const paused = await untilSchedule(service, schedule, (now) => now.paused === true);
    expect(paused.nextRuns).toEqual([]);
    expect((await service.post<Schedule>(`${schedule.links.self}/resume`)).body).toMatchObject({ paused: false });
  });

  it('of a run that failed pauses its schedule, too', async () => {
    const spec = { ...nightly, strategy: { name: 'throws' } };
    const schedule = await createSchedule(service, { pauseOnFailure: true, spec });
    await trigger(schedule);
    await untilSchedule(service, schedule, (now) => now.paused === true);
    expect(await nightsOf(service, schedule)).toMatchObject([{ status: 'failed', error: { code: 'strategy_failed' } }]);
  });
});

describe('nights that are due while another one runs', () => {
  it.each([
    ['buffer-one', 1, ['completed', 'completed'], 1],
    // Longer than a busy machine takes to say that it runs.
    ['cancel-other', 4, ['cancelled', 'completed'], 0],
  ] as const)('with %s', async (overlap, seconds, expected, skipped) => {
    const schedule = await createSchedule(service, { overlap, spec: longRun(seconds, 30) });
    await trigger(schedule);
    const [first] = await untilNights(service, schedule, ([night]) => night?.status === 'running');
    // Temporal names what it starts by the second.
    await vi.waitUntil(() => Date.now() >= Date.parse(first!.nominalTime) + 1_000);
    await trigger(schedule);
    if (overlap === 'buffer-one') await trigger(schedule);
    const ended = await untilNights(
      service,
      schedule,
      (nights) => nights.filter(({ run, status }) => run && isTerminal(status!)).length === 2,
    );
    expect(ended.map(({ status }) => status)).toEqual(expected);
    expect((await service.get<Schedule>(schedule.links.self)).body.skipped!.overlap).toBe(skipped);
  });

  it('by a clock that is quicker than the run are skipped, and none runs beside another', async () => {
    const second = [{ from: 0, to: 59 }];
    const calendar = [{ second, minute: [{ from: 0, to: 59 }], hour: [{ from: 0, to: 23 }] }];
    const schedule = await createSchedule(service, { cron: undefined, calendar, spec: longRun(1, 31) });
    const nights = await untilNights(service, schedule, (now) => now.filter(({ status }) => status === 'completed').length >= 2);
    const { body } = await service.get<Schedule>(schedule.links.self);
    expect((await service.send('DELETE', schedule.links.self)).status).toBe(204);
    expect(body.skipped!.overlap).toBeGreaterThan(0);
    const [first, next] = await Promise.all(
      nights.slice(0, 2).map(async ({ run }) => (await service.get<Run>(`/v1/backtests/${run}`)).body),
    );
    expect(Date.parse(next!.createdAt)).toBeGreaterThanOrEqual(Date.parse(first!.finishedAt!));
  });
});

describe('a schedule', () => {
  it('that was deleted has no more nights, and the one that runs goes on', async () => {
    const schedule = await createSchedule(service, { spec: longRun(1, 32) });
    await trigger(schedule);
    const [night] = await untilNights(service, schedule, ([first]) => first?.status === 'running');
    expect((await service.send('DELETE', schedule.links.self)).status).toBe(204);
    expect((await service.get(schedule.links.self)).status).toBe(404);
    expect((await trigger(schedule)).status).toBe(404);
    await service.completed(night!.run!);
    await expect(service.temporal.schedule.getHandle(`schedule/${schedule.id}`).describe()).rejects.toThrow();
  });

  it('that Temporal has lost is made anew, and one whose row has gone is taken out', async () => {
    const [lost, orphan] = [await createSchedule(service, { paused: true }), await createSchedule(service)];
    const known = (id: string) => service.temporal.schedule.getHandle(`schedule/${id}`);
    await known(lost.id).delete();
    const store = createSqliteStore({ file: path.join(service.home, 'rows.sqlite'), sync: 'normal' });
    const removed = await store.removeSchedule(EMBEDDED_OWNER, orphan.id);
    await store.scheduleApplied(orphan.id, removed!.version);
    store.close();
    expect(await untilSchedule(service, lost, ({ paused }) => paused !== null)).toMatchObject({ paused: true });
    await vi.waitUntil(
      async () =>
        !(await known(orphan.id)
          .describe()
          .then(Boolean, () => false)),
      { timeout: 30_000, interval: 200 },
    );
  });

  it('whose row was written before a crash is made in Temporal by the reconciler', async () => {
    const id = uuidv7();
    const store = createSqliteStore({ file: path.join(service.home, 'rows.sqlite'), sync: 'normal' });
    const spec = BacktestSpec.parse(nightly);
    await store.createSchedule({
      id,
      owner: EMBEDDED_OWNER,
      name: 'Half',
      spec,
      timing: Timing.parse(RARELY),
      beginsPaused: true,
      idempotency: null,
    });
    store.close();
    const made = await untilSchedule(service, { id }, ({ paused }) => paused !== null);
    expect(made).toMatchObject({ paused: true, nextRuns: [] });
  });
});
