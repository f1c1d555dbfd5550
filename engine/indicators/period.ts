import type { IndicatorParam } from './indicator.ts';

interface Bounds {
  readonly name?: string;
  readonly min?: number;
  readonly default?: number;
}

/** The parameter that counts bars, 1 to 10,000 unless told otherwise. */
export function period({ name = 'period', min = 1, ...rest }: Bounds = {}): IndicatorParam {
  return { name, type: 'integer', min, max: 10_000, ...rest };
}
