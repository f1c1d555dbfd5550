import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resample } from '../../engine/timeframes/resample.ts';
import { zoneOffsets } from '../../market-data/zone.ts';
import { openBackend, type Backend } from './backend.ts';
import { fetched, minuteRows, request, rowsOf, sourceOn } from './rows.ts';

const rows = minuteRows();
const of = (symbol: string) => rows.filter((row) => row.symbol === symbol);

let backend: Backend;
beforeAll(async () => {
  backend = await openBackend();
  await backend.table('minutes', rows);
});
afterAll(() => backend.close());

it('gives every bar of the table, by symbol in the order of the request and by time', async () => {
  const { bars } = await fetched(sourceOn(backend), request());
  expect(rowsOf(bars)).toEqual([...of('BBB'), ...of('AAA')]);
});

it('knows the symbols, their dates and how many bars they have', async () => {
  const source = sourceOn(backend);
  const symbols = [
    { symbol: 'AAA', from: '2024-03-09', to: '2024-03-09', bars: 55, timeframe: '1m' },
    { symbol: 'BBB', from: '2024-03-09', to: '2024-03-09', bars: 41, timeframe: '1m' },
  ];
  expect(await source.symbols()).toEqual(symbols);
});

it('names a symbol that the table does not have, and the nearest one that it has', async () => {
  await expect(sourceOn(backend).estimate(request({ symbols: ['AAB', 'AAA'] }))).rejects.toMatchObject({
    code: 'unknown_symbol',
    faults: [{ path: 'data.symbols.0', message: expect.stringContaining('AAA') }],
  });
});

it('takes the beginning of a range with it, and leaves its end out', async () => {
  const { bars } = await fetched(
    sourceOn(backend),
    request({ from: '2024-03-09T04:31:00Z', to: '2024-03-09T04:33:00Z', symbols: ['AAA'] }),
  );
  expect(bars[0]!.ts).toEqual(Float64Array.of(Date.UTC(2024, 2, 9, 4, 31), Date.UTC(2024, 2, 9, 4, 32)));
});

describe('slower bars made by the query', () => {
  const zones = ['UTC', 'America/New_York', 'Asia/Kolkata'];
  it.each(zones.flatMap((timeZone) => ['5m', '15m', '1h', '1d', '1w', '3d'].map((timeframe) => ({ timeZone, timeframe }))))(
    'are those made here: $timeframe in $timeZone',
    async ({ timeZone, timeframe }) => {
      const source = sourceOn(backend, { timeZone });
      expect(source.describe().timeframes).toContain(timeframe);
      const { bars } = await fetched(source, request({ timeframe }));
      const { bars: minutes } = await fetched(source, request());
      const zone = zoneOffsets(timeZone, Date.UTC(2024, 2, 1), Date.UTC(2024, 2, 20));
      const session = { zone, open: 0, close: 86_400_000 };
      expect(rowsOf(bars)).toEqual(rowsOf(minutes.map((each) => resample(each, timeframe, session).bars)));
    },
  );

  it('take dates as days of the clock of the data', async () => {
    const source = sourceOn(backend, { timeZone: 'America/New_York' });
    const { bars } = await fetched(source, request({ timeframe: '1d', from: '2024-03-09', to: '2024-03-09', symbols: ['AAA'] }));
    expect(bars[0]!.ts).toEqual(Float64Array.of(Date.UTC(2024, 2, 9)));
    const since = of('AAA').filter(({ ts }) => ts >= Date.UTC(2024, 2, 9, 5));
    expect(bars[0]!.volume[0]).toBe(since.reduce((sum, { volume }) => sum + volume, 0));
  });

  it('are not made of volumes that are not whole numbers, whose sum depends on their order', () => {
    expect(sourceOn(backend, { types: { volume: 'FLOAT64' } }).describe().timeframes).toEqual(['1m']);
  });
});

it('says what a fetch would scan without running it, and knows the same fetch again', async () => {
  const source = sourceOn(backend);
  const quote = await source.quote!(request());
  // Emulators scan nothing that is billed.
  if (backend.isMetered) expect(quote.bytes).toBeGreaterThan(0);
  else expect(quote.bytes).toBeGreaterThanOrEqual(0);
  expect((await source.quote!(request())).key).toBe(quote.key);
  expect((await source.quote!(request({ symbols: ['AAA'] }))).key).not.toBe(quote.key);
});

it('takes over the job of an earlier try, and runs another one for another fetch', async () => {
  const at = Date.now();
  const first = await fetched(sourceOn(backend), request(), { at });
  const again = await fetched(sourceOn(backend), request(), { at });
  expect(again.origin.job).toBe(first.origin.job);
  expect((await fetched(sourceOn(backend), request(), { at: at + 1 })).origin.job).not.toBe(first.origin.job);
});

it('says what to do about a table that is not there', async () => {
  const nowhere = sourceOn(backend, { table: 'nowhere' });
  await expect(nowhere.quote!(request())).rejects.toMatchObject({
    code: 'source_refused',
    message: expect.stringContaining('Compare project'),
  });
});
