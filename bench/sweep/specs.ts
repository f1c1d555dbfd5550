import type { SweepSpecInput } from '../../shared/sweep-spec.ts';

const window = { type: 'integer', min: 1, max: 1_000 } as const;
const data = { source: 'synthetic', symbols: ['SYN'], timeframe: '1m', synthetic: { bars: 100_000, seed: 3 } };
const account = { fees: { relative: 0.001 }, sizing: { kind: 'units', units: 1 } } as const;

/** Long from a crossing of two averages to the next, above a third one: 1,013 pairs, and as many third ones as it takes for so many trials. */
export function largeSweep(trials: number, seed = 7) {
  const trends = Math.ceil(trials / 1_013);
  return {
    name: `${trials} trials`,
    data,
    account,
    seed,
    strategy: {
      rules: {
        params: { fast: window, slow: window, trend: window },
        let: { f: 'sma(close, fast)', s: 'sma(close, slow)', t: 'sma(close, trend)' },
        enterLong: 'crossOver(f, s) && close > t',
        exitLong: 'crossUnder(f, s)',
      },
    },
    space: {
      fast: { min: 2, max: 60, step: 2 },
      slow: { min: 20, max: 200, step: 5 },
      trend: { min: 250, max: 250 + 5 * (trends - 1), step: 5 },
    },
    where: 'fast < slow',
    search: { kind: 'grid' as const, trials },
  } satisfies SweepSpecInput;
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
