import type { SweepSpecInput } from '#shared/sweep-spec.ts';

/** A small one on the bars that every service has: some hundred trials, done in a moment. */
export const EXAMPLE_SWEEP: SweepSpecInput = {
  name: 'Pairs of averages on Apple',
  tags: ['example'],
  data: { source: 'sample', symbols: ['AAPL'], timeframe: '1d' },
  strategy: { name: 'sma-cross' },
  account: { cash: 100_000, fees: { relative: 0.001 } },
  space: { fast: { min: 2, max: 40, step: 2 }, slow: { min: 20, max: 200, step: 10 } },
  where: 'fast < slow',
  objective: { metric: 'sharpe' },
  validation: { kind: 'walk-forward', folds: 5 },
};
