import * as z from 'zod';
import type { ScanQuote } from '../market-data/source.ts';
import type { CheckedSpec } from './check-spec.ts';

/** Six columns of bars and six of the curve, at 8 bytes a number. */
const BYTES_PER_BAR = 12 * 8;
/** Of a dataset's file. */
const STORED_BYTES_PER_BAR = 6 * 8 + 6;
/** Measured on one core for the built-in strategies, storing included; a lower bound for those that cost more a bar. */
const BARS_PER_SECOND = 5_000_000;
/** Three steps through the orchestrator. */
const FIXED_SECONDS = 0.1;

/** What a backtest would cost. */
export const Estimate = z.object({
  bars: z.int().describe('Bars to simulate, over all symbols; at most'),
  memoryBytes: z.int().describe('Memory of a worker for bars and curve'),
  streamed: z
    .boolean()
    .describe('Whether the bars are more than half of the memory of a worker, so that they are read a stretch at a time'),
  seconds: z.number().describe('Computing time on one core with a built-in strategy'),
  bytesScanned: z.int().describe('Bytes read from a metered source; 0 for other data, and where the dataset is there already'),
  cost: z.number().describe('Price of the bytes scanned, in USD'),
});

/** `budgetBytes`: the memory of a worker. */
export function estimateOf(
  { spec, bars: barsPerSymbol, quote }: CheckedSpec & { quote: ScanQuote | null },
  budgetBytes: number,
): z.infer<typeof Estimate> {
  const bars = barsPerSymbol * spec.data.symbols.length;
  const streamed = bars * STORED_BYTES_PER_BAR > budgetBytes / 2;
  return {
    bars,
    memoryBytes: streamed ? Math.min(budgetBytes, bars * BYTES_PER_BAR) : bars * BYTES_PER_BAR,
    streamed,
    seconds: FIXED_SECONDS + bars / BARS_PER_SECOND,
    bytesScanned: quote?.bytes ?? 0,
    cost: quote?.cost ?? 0,
  };
}
