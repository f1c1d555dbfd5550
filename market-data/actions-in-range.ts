import type { Bars, CorporateActions } from '../shared/bars.ts';

/**
 * The bars, which may be only the first of many, with those actions only that can take effect: after the first bar, before the end of the range. With none of
 * them left the bars have no actions.
 */
export function withActionsInRange(bars: Bars, end: number): Bars {
  const { actions } = bars;
  if (actions === undefined) return bars;
  const { splits, dividends } = actions;
  const first = bars.ts[0] ?? -Infinity;
  const inRange = (times: Float64Array) => (_: number, index: number) => times[index]! > first && times[index]! < end;
  const kept: CorporateActions = {
    splits: { ts: splits.ts.filter(inRange(splits.ts)), ratio: splits.ratio.filter(inRange(splits.ts)) },
    dividends: { ts: dividends.ts.filter(inRange(dividends.ts)), amount: dividends.amount.filter(inRange(dividends.ts)) },
  };
  return kept.splits.ts.length + kept.dividends.ts.length === 0 ? withoutActions(bars) : { ...bars, actions: kept };
}

/** The bars alone. */
export function withoutActions(bars: Bars): Bars {
  const copy = { ...bars };
  delete copy.actions;
  return copy;
}
