import type { Bars, CorporateActions } from '../shared/bars.ts';
import SPLITS from './sample/splits.json' with { type: 'json' };

interface Split {
  date: string;
  /** New shares for one old share. */
  ratio: number;
}

/** Below this an adjusted close differs from the close before by its own rounding only: the file's noise is 1e-13, its smallest dividend 1e-3 of the price. */
const NOISE = 1e-6;
/** Companies declare dividends in fractions of a cent at most; what is beyond comes from rounding. */
const DECIMALS = 1e6;

/**
 * Splits and dividends of raw bars. Dividends are read from the adjusted close a: on a day with the close c after the close p, with r new shares
 * for an old one, total return is a / a before = r (c + dividend) / p, so dividend = (p / r) (a / a before) - c, in money for a share of after
 * the split. (`sample/ATTRIBUTION.md`: the amounts come out as they were declared.)
 */
export function sampleActions({ symbol, ts, close }: Bars, adjustedClose: Float64Array): CorporateActions {
  const splits = (SPLITS as Record<string, Split[]>)[symbol] ?? [];
  const ratios = new Map(splits.map(({ date, ratio }) => [Date.parse(date), ratio]));
  const dividends: { ts: number; amount: number }[] = [];
  for (let i = 1; i < ts.length; i++) {
    const grown = (close[i - 1]! / (ratios.get(ts[i]!) ?? 1)) * (adjustedClose[i]! / adjustedClose[i - 1]!);
    if (grown - close[i]! > NOISE * close[i]!)
      dividends.push({ ts: ts[i]!, amount: Math.round((grown - close[i]!) * DECIMALS) / DECIMALS });
  }
  return {
    splits: { ts: Float64Array.from(ratios.keys()), ratio: Float64Array.from(ratios.values()) },
    dividends: { ts: Float64Array.from(dividends, (each) => each.ts), amount: Float64Array.from(dividends, ({ amount }) => amount) },
  };
}
