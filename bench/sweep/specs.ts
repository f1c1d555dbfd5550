import type { SweepSpecInput } from '../../shared/sweep-spec.ts';

const window = { type: 'integer', min: 1, max: 1_000 } as const;
const data = { source: 'synthetic', symbols: ['SYN'], timeframe: '1m', synthetic: { bars: 100_000, seed: 3 } };
const account = { fees: { relative: 0.001 }, sizing: { kind: 'units', units: 1 } } as const;

/** Long while the fast average is above the slow one by a band: 969 pairs of averages, and as many bands as it takes for so many trials. */
export function bandedSweep(trials: number, seed = 7): SweepSpecInput {
  const bands = Math.ceil(trials / 969);
  return {
    name: `${trials} trials`,
    data,
    account,
    seed,
    strategy: {
      rules: {
        params: { fast: window, slow: window, band: { type: 'number', min: 0, max: 1 } },
        let: { f: 'sma(close, fast)', s: 'sma(close, slow)' },
        enterLong: 'f > s * (1 + band)',
        exitLong: 'f < s * (1 - band)',
      },
    },
    space: {
      fast: { min: 2, max: 60, step: 2 },
      slow: { min: 20, max: 200, step: 5 },
      band: bands === 1 ? { values: [0] } : { min: 0, max: (bands - 1) * 1e-5, step: 1e-5 },
    },
    where: 'fast < slow',
    search: { kind: 'grid', trials },
  };
}

/** The sweep that the engine is compared with others by: every crossing of 1,013 pairs of averages. */
export function pairSweep(): SweepSpecInput {
  return {
    name: 'Pairs of averages',
    data,
    account,
    strategy: {
      rules: {
        params: { fast: window, slow: window },
        let: { f: 'sma(close, fast)', s: 'sma(close, slow)' },
        enterLong: 'crossOver(f, s)',
        exitLong: 'crossUnder(f, s)',
      },
    },
    space: { fast: { min: 2, max: 60, step: 2 }, slow: { min: 20, max: 200, step: 5 } },
    where: 'fast < slow',
  };
}
