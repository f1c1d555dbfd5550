import { BigQuerySource } from '../../market-data/bigquery/config.ts';
import { createBigQuerySource } from '../../market-data/bigquery/source.ts';
import { collectBlocks } from '../../market-data/time-chunks.ts';
import { DataSpec } from '../../shared/spec.ts';
import type { Bars } from '../../shared/bars.ts';
import type { DatasetOrigin } from '../../shared/dataset.ts';
import type { BarSource } from '../../market-data/source.ts';
import type { Backend, RowOfTable } from './backend.ts';

const MINUTE = 60_000;

/** Minute bars of two symbols around a midnight in New York, at which clocks went forward the night after. */
export function minuteRows(): RowOfTable[] {
  const start = Date.UTC(2024, 2, 9, 4, 30);
  const bar = (symbol: string, minute: number, level: number): RowOfTable => {
    const open = level + (minute % 7);
    const close = level + ((minute * 3) % 5);
    return {
      symbol,
      ts: start + minute * MINUTE,
      prices: [open, Math.max(open, close) + 1.5, Math.min(open, close) - 0.25, close],
      volume: 10 + minute,
    };
  };
  const some = Array.from({ length: 60 }, (_, minute) => minute).filter((minute) => minute % 11 !== 5);
  return [
    ...some.map((minute) => bar('AAA', minute, 100)),
    ...some.filter((minute) => minute < 45).map((minute) => bar('BBB', minute, 50)),
  ];
}

export function sourceOn({ where }: Backend, changes: object = {}): BarSource {
  return createBigQuerySource(
    BigQuerySource.parse({
      kind: 'bigquery',
      name: 'minutes',
      ...where,
      table: 'minutes',
      columns: { ts: 'ts', open: 'open', high: 'high', low: 'low', close: 'close', volume: 'volume', symbol: 'ticker' },
      types: { volume: 'INT64' },
      timeframe: '1m',
      // An emulator may not know time travel; the queries with it are looked at with the doubles.
      snapshot: process.env['BIGQUERY_TEST_PROJECT'] !== undefined,
      ...changes,
    }),
  );
}

export function request(changes: object = {}): DataSpec {
  return DataSpec.parse({ source: 'minutes', symbols: ['BBB', 'AAA'], timeframe: '1m', ...changes });
}

export async function fetched(
  source: BarSource,
  spec: DataSpec,
  { at = Date.now(), signal = new AbortController().signal } = {},
): Promise<{ bars: Bars[]; origin: DatasetOrigin }> {
  const origin: DatasetOrigin = {};
  const bars = await collectBlocks(source.fetch(spec, signal, { at, note: (more) => Object.assign(origin, more) }));
  return { bars, origin };
}

/** The bars as rows, to compare them with those of a table. */
export function rowsOf(bars: readonly Bars[]): RowOfTable[] {
  return bars.flatMap(({ symbol, ts, open, high, low, close, volume }) =>
    Array.from(ts, (time, i) => ({ symbol, ts: time, prices: [open[i]!, high[i]!, low[i]!, close[i]!] as const, volume: volume[i]! })),
  );
}
