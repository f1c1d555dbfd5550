import { sharedColumn } from './shared-column.ts';

/**
 * Relative strength index after J. Welles Wilder (New Concepts in Technical Trading Systems, 1978), 0 to 100: 100 - 100 / (1 + average gain /
 * average loss). Both averages start as the plain mean of the first `period` changes, at bar `period`, and go on as
 * ((period - 1) × average + change) / period. NaN before that, and as long as no price has moved. A NaN starts it anew.
 */
export function rsi(values: Float64Array, period: number): Float64Array {
  return sharedColumn(values, `rsi ${period}`, () => wilderRsi(values, period));
}

function wilderRsi(values: Float64Array, period: number): Float64Array {
  const out = new Float64Array(values.length).fill(NaN);
  let gain = 0;
  let loss = 0;
  let changes = 0;
  for (let i = 1; i < values.length; i++) {
    const change = values[i]! - values[i - 1]!;
    if (Number.isNaN(change)) {
      gain = loss = changes = 0;
      continue;
    }
    const up = change > 0 ? change : 0;
    const down = change < 0 ? -change : 0;
    changes++;
    if (changes <= period) {
      gain += up;
      loss += down;
      if (changes < period) continue;
      gain /= period;
      loss /= period;
    } else {
      gain = ((period - 1) * gain + up) / period;
      loss = ((period - 1) * loss + down) / period;
    }
    out[i] = 100 - 100 / (1 + gain / loss);
  }
  return out;
}
