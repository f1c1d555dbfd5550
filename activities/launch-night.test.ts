import { v7 as uuidv7 } from 'uuid';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryStore } from '../artifacts/temporary-store.ts';
import { bundledSources } from '../market-data/catalog.ts';
import { createOwnersMarketData } from '../market-data/uploads/owners.ts';
import { createSqliteStore } from '../results/sqlite.ts';
import type { Limits } from '../shared/limits.ts';
import { Timing } from '../shared/schedule-timing.ts';
import { BacktestSpec, type BacktestSpecInput } from '../shared/spec.ts';
import { launchNight, type LaunchedNight } from './launch-night.ts';

const owner = 'local';
const nominalAt = Date.parse('2012-03-10T02:30:00Z');
const sma: BacktestSpecInput = { data: { source: 'sample', symbols: ['AAPL'], from: '2005-01-03' }, strategy: { name: 'sma-cross' } };

/** A schedule on real rows and bars, and what launches its nights. */
async function scheduled(spec: BacktestSpecInput, limits: Limits = {}) {
  const { folder, artifacts } = await temporaryStore();
  const results = createSqliteStore({ file: `${folder}/rows.sqlite`, sync: 'normal' });
  onTestFinished(() => results.close());
  const marketData = createOwnersMarketData({ sources: bundledSources(), artifacts }, results);
  const removed: string[] = [];
  const schedules = { remove: async (id: string) => void removed.push(id) };
  const id = uuidv7();
  const timing = Timing.parse({ cron: '30 2 * * *' });
  // Windows that are counted are no moments of a spec that is run.
  const template = { ...BacktestSpec.parse({ ...sma, ...spec, data: { ...spec.data, from: undefined } }) };
  const data = { ...template.data, ...(spec.data.from !== undefined && { from: spec.data.from }) };
  await results.createSchedule({ id, owner, name: 'N', spec: { ...template, data }, timing, beginsPaused: false, idempotency: null });
  const launch = launchNight({ results, schedules, marketData, limitsOf: () => limits });
  const night = (launchedBy = uuidv7()) => launch({ scheduleId: id, owner, nominalAt, launch: launchedBy });
  return { results, id, night, removed };
}

function specOf({ run }: LaunchedNight): BacktestSpec {
  if (run?.kind !== 'backtest') throw new Error('it has no backtest');
  return run.input.spec;
}

it('a night is the same run for whoever repeats its launch, and another one for a second launch', async () => {
  const { night } = await scheduled(sma);
  const launch = uuidv7();
  const [first, again, second] = [await night(launch), await night(launch), await night()];
  expect(again).toEqual(first);
  expect(second.run!.id).not.toBe(first.run!.id);
  expect(specOf(first)).toMatchObject({
    name: 'N, 2012-03-10 02:30',
    data: { from: '2005-01-03', to: '2012-03-09', asOf: '2012-03-10T02:30:00.000Z' },
  });
});

it('a night has the window and the members of its nominal time', async () => {
  const universe = { source: 'sample', symbols: [], universe: 'most-traded', from: 'end-1y' };
  const { night } = await scheduled({ data: universe, strategy: { name: 'equal-weight' } });
  const { data } = specOf(await night());
  expect(data).toMatchObject({ from: '2011-03-10', to: '2012-03-09' });
  expect(data.symbols.length).toBeGreaterThan(0);
});

it('a night of generated bars has their window too, where the schedule says from when', async () => {
  const data = { source: 'synthetic', symbols: ['SYN'], timeframe: '1m', synthetic: { bars: 20_000 } };
  const [whole, dated] = [
    { ...sma, data },
    { ...sma, data: { ...data, from: '2012-03-01' } },
  ];
  expect(specOf(await (await scheduled(dated)).night()).data).toMatchObject({ from: '2012-03-01', to: '2012-03-09' });
  expect(specOf(await (await scheduled(whole)).night()).data.to).toBeUndefined();
});

it('a night beyond a limit is noted with the reason, and has no run', async () => {
  const { night, results, id } = await scheduled(sma, { openRuns: 1 });
  await night();
  expect(await night()).toMatchObject({ run: null, refused: { code: 'over_quota' } });
  const nights = await results.nights(owner, id, { limit: 10 });
  expect(nights.map(({ runId, error }) => [runId !== null, error?.code])).toEqual(
    expect.arrayContaining([
      [true, undefined],
      [false, 'over_quota'],
    ]),
  );
});

it('a night whose bars are not there is noted, too', async () => {
  const { night } = await scheduled({ ...sma, data: { ...sma.data, from: '2013-01-01' } });
  expect(await night()).toMatchObject({ run: null, refused: { code: 'invalid_spec' } });
});

it('a schedule without a row is taken out of Temporal', async () => {
  const { night, results, id, removed } = await scheduled(sma);
  await results.removeSchedule(owner, id);
  await expect(night()).rejects.toMatchObject({ code: 'not_found' });
  expect(removed).toEqual([id]);
});
