import type { MetricName } from '../shared/metrics.ts';
import { EXIT_REASONS, type StoredResult } from '../shared/run.ts';
import type { NightComparison, NightRanking } from '../shared/schedule.ts';
import { exitReasonCode, type TradeBlock } from '../shared/series.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import type { StoredSweepResult } from '../shared/sweep.ts';
import { timeRange } from '../shared/time-range.ts';

/** A night whose run has completed. */
interface WholeNight {
  nominalAt: number;
  runId: string;
}

/** Of a backtest. */
export interface BacktestNight extends WholeNight {
  spec: BacktestSpec;
  result: StoredResult;
  trades: TradeBlock;
}

export interface SweepNight extends WholeNight {
  result: StoredSweepResult;
}

/** Trades that are listed. */
const LATEST = 20;

interface Nights<Night> {
  now: Night;
  /** The night before. */
  before: Night | null;
  /** The last earlier run of the same nominal time. */
  same: Night | null;
  continued: NightComparison['continued'];
}

/** What a night of a backtest has brought. */
export function compareBacktests({ now, before, same, continued }: Nights<BacktestNight>): NightComparison {
  return {
    ...origins({ now, before, same }),
    metrics: before === null ? {} : changedMetrics(before.result.metrics, now.result.metrics),
    trades: newTrades(now, before),
    ranking: null,
    continued,
  };
}

/** What a night of a sweep has brought. */
export function compareSweeps({ now, before, same, continued }: Nights<SweepNight>, ranking: NightRanking): NightComparison {
  const [last, best] = [ranking.best.before?.metrics, ranking.best.after?.metrics];
  return {
    ...origins({ now, before, same }),
    metrics: last && best ? changedMetrics(last, best) : {},
    trades: null,
    ranking,
    continued,
  };
}

type Origins = Pick<NightComparison, 'revised' | 'before'>;

function origins({ now, before, same }: Omit<Nights<WholeNight & { result: Made }>, 'continued'>): Origins {
  return {
    revised: revisedBy(now.result, same?.result ?? null),
    before: before && { run: before.runId, nominalTime: new Date(before.nominalAt).toISOString() },
  };
}

/** What a result says of what it was made of. */
interface Made {
  manifest: Pick<StoredResult['manifest'], (typeof CAUSES)[keyof typeof CAUSES] | 'resultHash' | 'datasetOrigin'>;
}

const CAUSES = { bars: 'datasetHash', spec: 'specHash', strategy: 'strategyHash', engine: 'engineVersion' } as const;

/** Bars are revised, too, where the source cannot show any more what there was when the night was due. */
function revisedBy(after: Made, before: Made | null): NightComparison['revised'] {
  const isLate = after.manifest.datasetOrigin?.revised === true;
  const isSame = before === null || before.manifest.resultHash === after.manifest.resultHash;
  const causes = Object.entries(CAUSES) as [NightComparison['revised'][number], (typeof CAUSES)[keyof typeof CAUSES]][];
  return causes
    .filter(([cause, hash]) => (isLate && cause === 'bars') || (!isSame && before.manifest[hash] !== after.manifest[hash]))
    .map(([cause]) => cause);
}

type Figures = Readonly<Partial<Record<MetricName, number | null>>>;

function changedMetrics(before: Figures, after: Figures): NightComparison['metrics'] {
  const names = Object.keys(after) as MetricName[];
  const changed = names.filter((name) => (before[name] ?? null) !== (after[name] ?? null));
  return Object.fromEntries(changed.map((name) => [name, { before: before[name] ?? null, after: after[name] ?? null }]));
}

/** Entered or exited on bars that the night before did not have. */
function newTrades({ trades, spec }: BacktestNight, before: BacktestNight | null): NightComparison['trades'] {
  const knownUntil = before === null ? Infinity : timeRange(before.spec.data).end;
  const isOpen = (row: number): boolean => trades.exitReason[row] === exitReasonCode('end');
  const rows = Array.from(trades.entryTs.keys());
  const opened = rows.filter((row) => trades.entryTs[row]! >= knownUntil);
  const closed = rows.filter((row) => !isOpen(row) && trades.exitTs[row]! >= knownUntil);
  const latest = [...new Set([...opened, ...closed])].sort((a, b) => a - b).slice(-LATEST);
  return {
    opened: opened.length,
    closed: closed.length,
    latest: latest.map((row) => ({
      symbol: spec.data.symbols[trades.symbol[row]!]!,
      side: trades.size[row]! < 0 ? 'short' : 'long',
      size: trades.size[row]!,
      entryTime: timeOf(trades.entryTs[row]!),
      exitTime: isOpen(row) ? null : timeOf(trades.exitTs[row]!),
      exitReason: isOpen(row) ? null : EXIT_REASONS[trades.exitReason[row]!]!,
      pnl: trades.pnl[row]!,
    })),
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
