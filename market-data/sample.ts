import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Bars, type CorporateActions, PRICE_COLUMNS } from '../shared/bars.ts';
import { HoldfastError, type Fault } from '../shared/errors.ts';
import type { SymbolInfo } from '../shared/dataset.ts';
import type { DataSpec } from '../shared/spec.ts';
import { didYouMean } from './did-you-mean.ts';
import { timeRange } from './range.ts';
import { sampleActions } from './sample-actions.ts';
import { MOST_TRADED, mostTraded } from './sample-universe.ts';
import { dividendsInLastShares, sharesAfter } from './shares.ts';
import type { BarSource } from './source.ts';

/** Of `stocks.csv.gz`, then a number that goes up when the bars are made of it in another way. */
const VERSION = '5abadf99b2d394f920120a27de6f0df129859d71d4cfb0bf661bcc99446ab1fd-2';
const TIMEFRAME = '1d';

/** The bars of a symbol as they were traded, and the close adjusted for splits and dividends. */
interface RawBars extends Bars {
  adjustedClose: Float64Array;
  actions: CorporateActions;
}

/** The source `sample`: daily bars of five American shares, 2000 to 2013, that come with the code (`sample/ATTRIBUTION.md`). */
export function createSampleSource(): BarSource {
  let loading: Promise<Map<string, RawBars>> | undefined;
  const load = () => (loading ??= readSample());

  async function select(spec: DataSpec) {
    const known = await load();
    const selections = spec.symbols.map((symbol) => ({ symbol, raw: known.get(symbol), ...rowsInRange(known.get(symbol), spec) }));
    const faults = selections.flatMap(({ symbol, raw, from, to }, index): Fault[] => {
      const path = `data.symbols.${index}`;
      if (raw === undefined)
        return [{ path, message: `"${symbol}" is not in the source "sample". ${didYouMean(symbol, [...known.keys()])}` }];
      return from < to ? [] : [{ path, message: `"${symbol}" has no bars in this range, only from ${coverage(raw)}` }];
    });
    if (spec.timeframe !== TIMEFRAME) {
      faults.push({ path: 'data.timeframe', message: `the source "sample" has daily bars: write "${TIMEFRAME}"` });
    }
    if (faults.length > 0)
      throw refusal(
        spec,
        faults,
        selections.some(({ raw }) => raw === undefined),
      );
    return selections.map(({ raw, from, to }) => ({ raw: raw!, from, to }));
  }

  const symbols = async () => [...(await load()).values()].map(infoOf);
  return {
    name: 'sample',
    version: VERSION,
    describe: () => ({
      source: 'sample',
      title: 'Bundled sample',
      description:
        'Daily bars of AAPL, IBM, MSFT, GOOG and FB from 2000 to 2013, with splits and dividends. Public domain, from Quandl WIKI Prices.',
      timeframes: [TIMEFRAME],
      timeZone: 'UTC',
      universes: [MOST_TRADED],
    }),
    symbols,
    glance: symbols,
    estimate: async (spec) => Math.max(...(await select(spec)).map(({ from, to }) => to - from)),
    async universe(name) {
      if (name !== MOST_TRADED) throw new HoldfastError('not_found', `"${name}" is not a universe of "sample": ${MOST_TRADED} is.`);
      return mostTraded([...(await load()).values()]);
    },
    async *fetch(spec) {
      yield (await select(spec)).map(({ raw, from, to }) => adjusted(raw, spec.adjust, from, to));
    },
  };
}

function refusal(spec: DataSpec, faults: Fault[], someUnknown: boolean): HoldfastError {
  const code = spec.timeframe !== TIMEFRAME ? 'invalid_spec' : someUnknown ? 'unknown_symbol' : 'no_data';
  return new HoldfastError(code, faults.map(({ path, message }) => `${path}: ${message}`).join('; '), { faults });
}

/** Rows are chronological, so a range of times is a range of rows [from, to). */
function rowsInRange(bars: RawBars | undefined, spec: DataSpec): { from: number; to: number } {
  if (bars === undefined) return { from: 0, to: 0 };
  const { start, end } = timeRange(spec);
  const firstAtOrAfter = (time: number): number => {
    const row = bars.ts.findIndex((ts) => ts >= time);
    return row === -1 ? bars.ts.length : row;
  };
  return { from: firstAtOrAfter(start), to: firstAtOrAfter(end) };
}

/** Bars of the rows [from, to); what happened to the shares comes with them as far as the prices do not tell it. */
function adjusted(raw: RawBars, adjust: DataSpec['adjust'], from: number, to: number): Bars {
  const priced = { none: (value: number) => value, splits: bySplits(raw), 'total-return': byTotalReturn(raw) }[adjust];
  const column = (name: (typeof PRICE_COLUMNS)[number]): Float64Array =>
    raw[name].slice(from, to).map((value, index) => priced(value, from + index, name === 'volume'));
  const prices = Object.fromEntries(PRICE_COLUMNS.map((name) => [name, column(name)]));
  const actions = { none: raw.actions, splits: dividendsInLastShares(raw.actions), 'total-return': undefined }[adjust];
  return { symbol: raw.symbol, ts: raw.ts.slice(from, to), ...prices, ...(actions && { actions }) } as Bars;
}

/** Prices before a split in today's shares: divided by its ratio, volumes multiplied by it. */
function bySplits(raw: RawBars) {
  return (value: number, row: number, isVolume: boolean): number => {
    const shares = sharesAfter(raw.actions, raw.ts[row]!);
    return isVolume ? value * shares : value / shares;
  };
}

/** Prices as if dividends had been reinvested: times Adj Close / Close of the day. Volumes stay as traded. */
function byTotalReturn(raw: RawBars) {
  return (value: number, row: number, isVolume: boolean): number =>
    isVolume ? value : value * (raw.adjustedClose[row]! / raw.close[row]!);
}

async function readSample(): Promise<Map<string, RawBars>> {
  const packed = await readFile(new URL('./sample/stocks.csv.gz', import.meta.url));
  const text = (await promisify(gunzip)(packed)).toString();
  const rows = text.trimEnd().split('\n').slice(1);
  const bySymbol = Map.groupBy(
    rows.map((row) => row.trimEnd().split(',')), // the file quotes nothing
    ([symbol]) => symbol!,
  );
  return new Map([...bySymbol].map(([symbol, table]) => [symbol, toRawBars(symbol, table)]));
}

/** Ticker, Date, Open, High, Low, Close, Volume, Adj Close */
function toRawBars(symbol: string, table: string[][]): RawBars {
  const numbers = (column: number): Float64Array => Float64Array.from(table, (row) => Number(row[column]));
  const ts = Float64Array.from(table, (row) => Date.parse(row[1]!));
  const bars = { symbol, ts, open: numbers(2), high: numbers(3), low: numbers(4), close: numbers(5), volume: numbers(6) };
  const adjustedClose = numbers(7);
  return { ...bars, adjustedClose, actions: sampleActions(bars, adjustedClose) };
}

function infoOf(bars: RawBars): SymbolInfo {
  return { symbol: bars.symbol, from: dayOf(bars.ts[0]!), to: dayOf(bars.ts.at(-1)!), bars: bars.ts.length, timeframe: TIMEFRAME };
}

function coverage(bars: RawBars): string {
  return `${dayOf(bars.ts[0]!)} to ${dayOf(bars.ts.at(-1)!)}`;
}

function dayOf(ts: number): string {
  return new Date(ts).toISOString().slice(0, 10);
}
