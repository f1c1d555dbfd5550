import { DAY_MS } from '../../engine/timeframes/local-time.ts';
import type { SymbolInfo } from '../../shared/dataset.ts';
import { HoldfastError, type Fault } from '../../shared/errors.ts';
import { timeframeMs, type DataSpec } from '../../shared/spec.ts';
import { didYouMean } from '../did-you-mean.ts';
import { timeRange } from '../range.ts';
import { symbolsQuery } from './bars-query.ts';
import type { BigQuerySource } from './config.ts';
import { jobIdOf, runJob } from './query-job.ts';
import { remembered } from './remembered.ts';
import type { RestApi } from './rest-api.ts';
import { pagesOf } from './rest-rows.ts';

/** A table does not get new symbols all the time, and looking reads two of its columns. */
const KEEP_MS = 3_600_000;

/** Symbols of a table. The query for them has one job a day, whoever asks: later ones read its result. */
export function createCoverage(source: BigQuerySource, api: RestApi) {
  const keep = remembered<SymbolInfo[]>(KEEP_MS, { stale: true });

  async function ask(): Promise<SymbolInfo[]> {
    const query = symbolsQuery(source);
    const day = new Date().toISOString().slice(0, 10);
    const id = jobIdOf('symbols', query, { project: api.project, location: api.location, day });
    const { signal } = new AbortController();
    const job = await runJob(api, { source: source.name, id, query, maximumBytesBilled: source.caps.perRunBytes, signal });
    const symbols: SymbolInfo[] = [];
    for await (const page of pagesOf(api, job)) symbols.push(...page.map((row) => toSymbol(source, row)));
    return symbols;
  }

  const symbols = () => keep('', ask);

  /** Most bars of a symbol of the request. Fails with every symbol that is unknown, or has no bars in the range. */
  async function estimate(spec: DataSpec): Promise<number> {
    const known = new Map((await symbols()).map((info) => [info.symbol, info]));
    const faults = spec.symbols.flatMap((symbol, index) => faultOf(source, { spec, symbol, index, known }));
    if (faults.length > 0) {
      const isUnknown = spec.symbols.some((symbol) => !known.has(symbol));
      const text = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
      throw new HoldfastError(isUnknown ? 'unknown_symbol' : 'no_data', text, { faults });
    }
    return Math.max(...spec.symbols.map((symbol) => mostBars(spec, known.get(symbol)!)));
  }
  return { symbols, estimate };
}

function toSymbol({ timeframe, columns }: BigQuerySource, [symbol, first, last, bars]: (string | null)[]): SymbolInfo {
  const extra = Object.keys(columns.extra);
  const date = (day: string | null | undefined) => new Date(Number(day) * DAY_MS).toISOString().slice(0, 10);
  return {
    symbol: symbol ?? '',
    from: date(first),
    to: date(last),
    bars: Number(bars),
    timeframe,
    ...(extra.length > 0 && { columns: extra }),
  };
}

interface Asked {
  spec: DataSpec;
  symbol: string;
  index: number;
  known: ReadonlyMap<string, SymbolInfo>;
}

function faultOf({ name }: BigQuerySource, { spec, symbol, index, known }: Asked): Fault[] {
  const path = `data.symbols.${index}`;
  const info = known.get(symbol);
  if (info === undefined)
    return [{ path, message: `"${symbol}" is not in the source "${name}". ${didYouMean(symbol, [...known.keys()])}` }];
  const { start, end } = overlap(spec, info);
  return start < end ? [] : [{ path, message: `"${symbol}" has no bars in this range, only from ${info.from} to ${info.to}` }];
}

/** Wider than the truth by a day on each side: dates are local. */
function overlap(spec: DataSpec, { from, to }: SymbolInfo) {
  const asked = timeRange(spec);
  const there = timeRange({ from, to });
  return { start: Math.max(asked.start, there.start - DAY_MS), end: Math.min(asked.end, there.end + DAY_MS) };
}

function mostBars(spec: DataSpec, info: SymbolInfo): number {
  const { start, end } = overlap(spec, info);
  return Math.min(info.bars ?? Infinity, Math.ceil((end - start) / timeframeMs(spec.timeframe)) + 1);
}
