import type { Bars } from '../../shared/bars.ts';

/** The least that a backtest can cost: to read every column once. */
export function readColumns({ ts, open, high, low, close, volume }: Bars): number {
  let sum = 0;
  for (let i = 0; i < ts.length; i++) sum += ts[i]! + open[i]! + high[i]! + low[i]! + close[i]! + volume[i]!;
  return sum;
}

/** The same with one division a bar that waits for the one before it, as a chain of returns does. */
export function divideByBar({ open, close }: Bars): number {
  let value = 1;
  for (let i = 0; i < close.length; i++) value = (open[i]! + value) / close[i]!;
  return value;
}
