import type { BacktestSpecInput } from '#shared/spec.ts';

/** The spec of `examples/sma-cross.json`, with the price itself to compare with. */
export const EXAMPLE: BacktestSpecInput = {
  name: 'SMA cross on Apple',
  tags: ['example'],
  data: { source: 'sample', symbols: ['AAPL'], timeframe: '1d' },
  strategy: { name: 'sma-cross', params: { fast: 10, slow: 30 } },
  account: { cash: 100_000, fees: { relative: 0.001 } },
  benchmark: 'AAPL',
};
