import type { MetricName, Metrics } from '../shared/metrics.ts';
import { EXIT_REASONS, type StoredResult } from '../shared/run.ts';
import type { NightComparison } from '../shared/schedule.ts';
import { exitReasonCode, type TradeBlock } from '../shared/series.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import { timeRange } from '../shared/time-range.ts';

/** A night whose run has completed. */
export interface WholeNight {
  nominalAt: number;
  runId: string;
  spec: BacktestSpec;
  result: StoredResult;
  trades: TradeBlock;
}

/** Trades that are listed. */
const LATEST = 20;

interface Nights {
  now: WholeNight;
  /** The night before. */
  before: WholeNight | null;
  /** The last earlier run of the same nominal time. */
  same: WholeNight | null;
  continued: NightComparison['continued'];
}

/** What a night has brought. */
export function compareNights({ now, before, same, continued }: Nights): NightComparison {
  return {
    revised: revisedBy(now.result, same?.result ?? null),
    before: before && { run: before.runId, nominalTime: new Date(before.nominalAt).toISOString() },
    metrics: before === null ? {} : changedMetrics(before.result.metrics, now.result.metrics),
    trades: newTrades(now, before),
    continued,
  };
}

const CAUSES = { bars: 'datasetHash', spec: 'specHash', strategy: 'strategyHash', engine: 'engineVersion' } as const;

/** Bars are revised, too, where the source cannot show any more what there was when the night was due. */
function revisedBy(after: StoredResult, before: StoredResult | null): NightComparison['revised'] {
  const isLate = after.manifest.datasetOrigin?.revised === true;
  const isSame = before === null || before.manifest.resultHash === after.manifest.resultHash;
  const causes = Object.entries(CAUSES) as [NightComparison['revised'][number], (typeof CAUSES)[keyof typeof CAUSES]][];
  return causes
    .filter(([cause, hash]) => (isLate && cause === 'bars') || (!isSame && before.manifest[hash] !== after.manifest[hash]))
    .map(([cause]) => cause);
}

function changedMetrics(before: Metrics, after: Metrics): NightComparison['metrics'] {
  const names = Object.keys(after) as MetricName[];
  const changed = names.filter((name) => (before[name] ?? null) !== after[name]);
  return Object.fromEntries(changed.map((name) => [name, { before: before[name] ?? null, after: after[name] }]));
}

/** Entered or exited on bars that the night before did not have. */
function newTrades({ trades, spec }: WholeNight, before: WholeNight | null): NightComparison['trades'] {
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
