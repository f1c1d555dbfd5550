import { createSeriesStore } from '../artifacts/results.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { FullRunRow } from '../results/runs.ts';
import type { StoredResult } from '../shared/run.ts';
import { bundleStream, type BundledSeries, type BundledText } from './bundle.ts';
import { createRunIndicators } from './run-indicators.ts';
import { toResult } from './run-resource.ts';
import type { RunSeries } from './run-series.ts';
import { equityTable, logTable, orderTable, tradeTable } from './series-tables.ts';

const ALL = { start: -Infinity, end: Infinity } as const;
/** A longer curve is thinned, its peaks and falls kept: it would not fit in memory. */
const MOST_POINTS = 2_000_000;
/** Bars of a symbol for which indicators are computed; more are left to /indicators with a range. */
const MOST_BARS = 2_000_000;

/** Everything that a run left, as one zip. `report` renders its tear sheet. */
export function createRunBundle(artifacts: ArtifactStore, series: RunSeries) {
  const store = createSeriesStore(artifacts);
  const indicators = createRunIndicators(artifacts, series);

  function seriesOf(run: FullRunRow, result: StoredResult): BundledSeries[] {
    const { symbols } = run.spec.data;
    const isLong = result.curve.rows > MOST_POINTS;
    const points = isLong ? MOST_POINTS : undefined;
    const bars = result.curve.rows * symbols.length > MOST_BARS ? [] : symbols;
    return [
      {
        name: 'equity',
        about: `equity, cash, exposure, drawdown and benchmark at each bar${isLong ? `, thinned to ${MOST_POINTS} points` : ''}`,
        load: async () => equityTable(await series.curve(run, { ...ALL, points })),
      },
      {
        name: 'trades',
        about: 'closed trades, and positions that were open at the end',
        load: async () => tradeTable(await series.trades(run), { symbols, tags: (await series.words(run)).tags }, ALL),
      },
      {
        name: 'orders',
        about: 'every fill, and every order that was cancelled, expired or rejected, with the reason',
        load: async () => orderTable(await series.orders(run), symbols, ALL),
      },
      { name: 'log', about: 'what the strategy logged', load: async () => logTable(await series.words(run), ALL) },
      ...bars.map((symbol) => ({
        name: `indicators/${symbol.replaceAll('/', '-')}`,
        about: `bars of ${symbol}, and beside them what the strategy looked at and plotted`,
        load: () => indicators(run, { symbol, points: undefined, ...ALL }),
      })),
    ];
  }

  return async (run: FullRunRow, result: StoredResult, report: string): Promise<NodeJS.ReadableStream> => {
    const tables = await store.readTables(result.tables);
    const json = (name: string, about: string, value: unknown): BundledText => ({
      name,
      about,
      text: `${JSON.stringify(value, null, 2)}\n`,
    });
    const texts = [
      json('spec.json', 'what was run, every default filled in; submit it to run it again', run.spec),
      json('result.json', 'metrics, manifest and verdicts', toResult(run.id, result)),
      json('metrics.json', 'the metrics alone', result.metrics),
      json('manifest.json', 'hashes of spec, data, strategy, engine and result', result.manifest),
      json('tables.json', 'returns by month and year, drawdowns, rolling Sharpe ratio, histogram, trades as points', tables),
      { name: 'report.html', about: 'the tear sheet; it needs no other file', text: report },
    ];
    return bundleStream({ run, result, texts, series: seriesOf(run, result) });
  };
}
