import { describe, expect, it } from 'vitest';
import { temporaryStore } from '../artifacts/temporary-store.ts';
import { localDay } from '../engine/timeframes/local-time.ts';
import type { Dataset } from '../shared/bars.ts';
import { BacktestSpec, type BacktestSpecInput } from '../shared/spec.ts';
import { bundledSources, createMarketData } from './catalog.ts';
import { createDatasetStore } from './dataset-store.ts';
import type { BarSource } from './source.ts';
import { createSyntheticSource } from './synthetic.ts';

const { signal } = new AbortController();
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** A market around the clock that has half hours only, and New York's clock. */
function halfHours(): BarSource {
  const source = createSyntheticSource();
  return { ...source, describe: () => ({ ...source.describe(), timeframes: ['30m'], timeZone: 'America/New_York' }) };
}

function specOf(data: Partial<BacktestSpecInput['data']>): BacktestSpec {
  const whole = { source: 'synthetic', symbols: ['A'], timeframe: '30m', synthetic: { bars: 100_000 }, ...data };
  return BacktestSpec.parse({ data: whole, strategy: { name: 'buy-and-hold' } });
}

async function open(sources: BarSource[]) {
  const { artifacts } = await temporaryStore();
  const marketData = createMarketData({ sources, artifacts });
  const fetched = async (spec: BacktestSpec): Promise<Dataset> => createDatasetStore(artifacts).read(await marketData.fetch(spec, signal));
  return { marketData, fetched };
}

const sample = (data: object) => specOf({ source: 'sample', symbols: ['AAPL'], synthetic: undefined, timeframe: '1d', ...data });
const timesOf = ({ instruments }: Dataset) => Array.from(instruments[0]!.ts, (ts) => new Date(ts).toISOString().slice(0, 16));

describe('slower bars than a source has', () => {
  it('are made of those it has: weeks of days', async () => {
    const { fetched } = await open(bundledSources());
    const [days, weeks] = await Promise.all(
      ['1d', '1w'].map(async (timeframe) => fetched(sample({ timeframe, from: '2004-01-05', to: '2004-01-16' }))),
    );
    const [day, week] = [days!.instruments[0]!, weeks!.instruments[0]!];
    expect(timesOf(weeks!)).toEqual(['2004-01-05T00:00', '2004-01-12T00:00']);
    const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
    expect([...week.open]).toEqual([day.open[0], day.open[5]]);
    expect([...week.high]).toEqual([Math.max(...day.high.slice(0, 5)), Math.max(...day.high.slice(5))]);
    expect([...week.low]).toEqual([Math.min(...day.low.slice(0, 5)), Math.min(...day.low.slice(5))]);
    expect([...week.close]).toEqual([day.close[4], day.close[9]]);
    expect([...week.volume]).toEqual([sum(day.volume.slice(0, 5)), sum(day.volume.slice(5))]);
    expect(weeks!.zone).toBeUndefined();
  });

  it('have the actions of raw prices at the week in which they take effect', async () => {
    const { fetched } = await open(bundledSources());
    const { instruments } = await fetched(sample({ timeframe: '1w', adjust: 'none', from: '2005-02-14', to: '2005-03-11' }));
    // The split was on Monday 28 February.
    expect(instruments[0]!.actions!.splits).toEqual({ ts: Float64Array.of(Date.UTC(2005, 1, 28)), ratio: Float64Array.of(2) });
  });

  it('are counted by the estimate, a little too many rather than too few', async () => {
    const { marketData, fetched } = await open(bundledSources());
    const { bars } = await marketData.check(sample({ timeframe: '1w' }));
    const { length } = (await fetched(sample({ timeframe: '1w' }))).instruments[0]!.ts;
    expect(length).toBe(679);
    expect(bars - length).toBeGreaterThanOrEqual(0);
    expect(bars - length).toBeLessThanOrEqual(2);
  });
});

describe('the clock of the data', () => {
  it.each([
    ['America/New_York', '2024-03-08', '2024-03-12', [14.5, 14.5, 13.5, 13.5, 13.5]],
    ['Europe/London', '2024-03-29', '2024-04-01', [9.5, 9.5, 8.5, 8.5]],
  ] as const)('moves session and days of %s with its clock changes', async (timeZone, from, to, opens) => {
    const { fetched } = await open(bundledSources());
    const session = { from: '09:30', to: '16:00' };
    const dataset = await fetched(specOf({ timeZone, from, to, session }));
    const { ts } = dataset.instruments[0]!;
    const days = Object.values(Object.groupBy(ts, (time) => localDay(dataset.zone!, time))) as number[][];
    expect(days.map((day) => day.length)).toEqual(opens.map(() => 13));
    expect(days.map((day) => (day[0]! % (24 * HOUR)) / HOUR)).toEqual(opens);
  });

  it('says where dates begin and end', async () => {
    const { fetched } = await open([halfHours()]);
    const times = timesOf(await fetched(specOf({ from: '2024-03-08', to: '2024-03-10' })));
    expect([times[0], times.at(-1), times.length]).toEqual(['2024-03-08T05:00', '2024-03-11T03:30', 48 + 48 + 46]);
  });

  it('makes days of local dates, which need no zone any more', async () => {
    const { fetched } = await open([halfHours()]);
    const days = await fetched(specOf({ timeframe: '1d', from: '2024-03-08', to: '2024-03-11' }));
    const bars = await fetched(specOf({ from: '2024-03-08', to: '2024-03-11' }));
    expect(timesOf(days)).toEqual(['2024-03-08T00:00', '2024-03-09T00:00', '2024-03-10T00:00', '2024-03-11T00:00']);
    expect([...days.instruments[0]!.open]).toEqual([0, 48, 96, 142].map((row) => bars.instruments[0]!.open[row]));
    expect(days.zone).toBeUndefined();
    expect([...bars.zone!.offset]).toEqual([-5 * HOUR, -4 * HOUR]);
  });

  it('lets a session run over midnight, with the date of its end', async () => {
    const { fetched } = await open([halfHours()]);
    const request = { session: { from: '18:00', to: '17:00' }, from: '2024-01-03', to: '2024-01-04' };
    const times = timesOf(await fetched(specOf(request)));
    expect([times[0], times.at(-1)]).toEqual(['2024-01-02T23:00', '2024-01-04T21:30']);
    expect(timesOf(await fetched(specOf({ ...request, timeframe: '1d' })))).toEqual(['2024-01-03T00:00', '2024-01-04T00:00']);
  });

  it('keeps to the weekdays of the session, by the date of its end', async () => {
    const { fetched } = await open([halfHours()]);
    // From Thursday the 4th to Tuesday the 9th: the session of Monday begins on Sunday evening.
    const session = { from: '18:00', to: '17:00', weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'] } as const;
    const days = await fetched(
      specOf({ timeframe: '1d', session: { ...session, weekdays: [...session.weekdays] }, from: '2024-01-04', to: '2024-01-09' }),
    );
    expect(timesOf(days)).toEqual(['2024-01-04T00:00', '2024-01-05T00:00', '2024-01-08T00:00', '2024-01-09T00:00']);
  });

  it('counts bars of an hour from the open of the session', async () => {
    const { fetched, marketData } = await open([halfHours()]);
    const spec = specOf({ timeframe: '1h', session: { from: '09:30', to: '16:00' }, from: '2024-01-02', to: '2024-01-02' });
    const dataset = await fetched(spec);
    const first = Date.UTC(2024, 0, 2, 14, 30);
    expect([...dataset.instruments[0]!.ts]).toEqual([0, 1, 2, 3, 4, 5, 6].map((hour) => first + hour * HOUR));
    expect((await marketData.check(spec)).bars).toBeGreaterThanOrEqual(7);
  });

  it('leaves nothing to trade when the session has no bar', async () => {
    const { fetched } = await open(bundledSources());
    const spec = specOf({
      timeframe: '12h',
      session: { from: '12:00', to: '24:00' },
      from: '2024-01-02T00:00:00Z',
      to: '2024-01-02T06:00:00Z',
    });
    await expect(fetched(spec)).rejects.toMatchObject({ code: 'no_data', message: expect.stringContaining('data.session') });
  });
});

describe('a frame that cannot be', () => {
  it.each([
    ['a faster one', halfHours(), { timeframe: '15m' }, ['data.timeframe']],
    ['one that is no multiple', halfHours(), { timeframe: '45m' }, ['data.timeframe']],
    ['an unknown zone', halfHours(), { timeZone: 'America/New_Yorck' }, ['data.timeZone']],
    ['a session that cuts a bar', halfHours(), { session: { from: '09:15', to: '16:10' } }, ['data.session.from', 'data.session.to']],
    [
      'all of it',
      halfHours(),
      { timeframe: '7m', timeZone: 'Mars', session: { from: '09:15', to: '16:00' } },
      ['data.timeframe', 'data.timeZone', 'data.session.from'],
    ],
    [
      'a clock for days',
      createSyntheticSource(),
      { timeframe: '1d', timeZone: 'Asia/Tokyo', session: { from: '09:30', to: '16:00' } },
      ['data.session', 'data.timeZone'],
    ],
  ] as const)('is refused at its place in the spec: %s', async (_name, source, data, paths) => {
    const { marketData, fetched } = await open([source]);
    const { bars, faults } = await marketData.check(specOf(data));
    expect(bars).toBe(0);
    expect(faults.map(({ path }) => path)).toEqual(paths);
    await expect(fetched(specOf(data))).rejects.toMatchObject({ code: 'invalid_spec', faults });
  });

  it('names the zone that may have been meant', async () => {
    const { marketData } = await open([halfHours()]);
    const { faults } = await marketData.check(specOf({ timeZone: 'Europe/Londn' }));
    expect(faults[0]!.message).toContain('"Europe/London"');
  });
});

it('a timeframe of minutes from the open keeps its length', async () => {
  const { fetched } = await open([halfHours()]);
  const { ts } = (await fetched(specOf({ timeframe: '90m', from: '2024-01-02', to: '2024-01-02' }))).instruments[0]!;
  expect(Array.from(ts.slice(1), (time, i) => time - ts[i]!)).toEqual(Array.from({ length: 15 }, () => 90 * MINUTE));
});
