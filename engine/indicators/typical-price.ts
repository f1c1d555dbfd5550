import type { Stretch } from './indicator.ts';

/** (high + low + close) / 3 of a stretch whose first inputs are these three. */
export function typicalPrices({ inputs, from, to }: Stretch, out: Float64Array): void {
  const [high, low, close] = [inputs[0]!, inputs[1]!, inputs[2]!];
  for (let i = from; i < to; i++) out[i - from] = (high[i]! + low[i]! + close[i]!) / 3;
}
