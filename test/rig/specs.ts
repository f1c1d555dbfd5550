import type { BacktestSpecInput } from '../../shared/spec.ts';

/** A small run on bundled data: over in milliseconds. */
export const smaCross: BacktestSpecInput = {
  name: 'SMA cross on Apple',
  tags: ['test'],
  data: { source: 'sample', symbols: ['AAPL'], timeframe: '1d', adjust: 'total-return' },
  strategy: { name: 'sma-cross', params: { fast: 5, slow: 20 } },
  account: { cash: 10_000, fees: { relative: 0.001 } },
};

/** A run that takes about `seconds` of one core, so that there is time to interrupt it. */
export function longRun(seconds: number, seed = 7): BacktestSpecInput {
  const microsecondsPerBar = 20;
  return {
    data: {
      source: 'synthetic',
      symbols: ['SYN'],
      timeframe: '1m',
      synthetic: { bars: Math.round((seconds * 1e6) / microsecondsPerBar), seed },
    },
    strategy: { name: 'synthetic-load', params: { fast: 10, slow: 30, microsecondsPerBar } },
    account: { fees: { relative: 0.001 } },
  };
}
