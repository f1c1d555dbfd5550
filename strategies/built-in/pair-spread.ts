import { indicatorColumn } from '../../engine/indicators/compute.ts';
import { correlation } from '../../engine/indicators/correlation.ts';
import { sharedColumns } from '../../engine/indicators/shared-columns.ts';
import { stdev, zscore } from '../../engine/indicators/stdev.ts';
import type { Bars } from '../../shared/bars.ts';

export type SpreadKind = 'ratio' | 'regression';

/** Along the bars of the first symbol; NaN where the second has none, and until `window` common bars have passed. */
interface PairSpread {
  /** How many standard deviations (of the population) the first close lies above what the second makes one expect. */
  zscore: Float64Array;
  /** Units of the second symbol against one of the first. */
  hedge: Float64Array;
}

/**
 * How far two prices have drifted apart. `ratio`: the standard score of first / second over the window; the hedge is as much money of both.
 * `regression`: the residual of the last pair of the least squares line first = a + b × second over the window, in standard deviations of all its
 * residuals; the hedge is b.
 */
export function pairSpread(first: Bars, second: Bars, { spread, window }: { spread: SpreadKind; window: number }): PairSpread {
  const [score, hedge] = sharedColumns([first.close, second.close], `pair ${spread} ${window}`, () => {
    const rows = commonRows(first.ts, second.ts);
    const [a, b] = [rows.map(([row]) => first.close[row]!), rows.map(([, row]) => second.close[row]!)].map((all) => Float64Array.from(all));
    const common = (spread === 'ratio' ? ratio : regression)(a!, b!, window);
    return common.map((column) => {
      const along = new Float64Array(first.ts.length).fill(NaN);
      for (let k = 0; k < rows.length; k++) along[rows[k]![0]] = column[k]!;
      return along;
    });
  });
  return { zscore: score!, hedge: hedge! };
}

/** Rows of the bars that open at the same time. */
function commonRows(a: Float64Array, b: Float64Array): [number, number][] {
  const rows: [number, number][] = [];
  for (let i = 0, k = 0; i < a.length && k < b.length; i++) {
    while (b[k]! < a[i]!) k++;
    if (b[k] === a[i]) rows.push([i, k]);
  }
  return rows;
}

type Columns = [score: Float64Array, hedge: Float64Array];

function ratio(a: Float64Array, b: Float64Array, window: number): Columns {
  const quotient = a.map((price, i) => price / b[i]!);
  return [indicatorColumn(zscore, [quotient], [window]), quotient];
}

/** A squared correlation this near to 1 leaves nothing but rounding of the residuals. */
const EXACT = 1e-12;

function regression(a: Float64Array, b: Float64Array, window: number): Columns {
  const of = (indicator: typeof zscore, ...inputs: Float64Array[]) => indicatorColumn(indicator, inputs, [window]);
  const [scoreA, scoreB, deviationA, deviationB] = [of(zscore, a), of(zscore, b), of(stdev, a), of(stdev, b)];
  const together = of(correlation, a, b);
  // In standard scores the line is a = r × b, and the variance that it leaves 1 - r².
  const score = together.map((r, i) => (1 - r * r > EXACT ? (scoreA[i]! - r * scoreB[i]!) / Math.sqrt(1 - r * r) : NaN));
  return [score, together.map((r, i) => (r * deviationA[i]!) / deviationB[i]!)];
}
