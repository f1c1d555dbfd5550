import type { Bars, CorporateActions } from '../shared/bars.ts';

/** The bars with those actions only that can take effect: after the first bar, up to the last. With none of them left the bars have no actions. */
export function withActionsInRange(bars: Bars): Bars {
  const { actions } = bars;
  if (actions === undefined) return bars;
  const { splits, dividends } = actions;
  const kept: CorporateActions = {
    splits: { ts: splits.ts.filter(inRange(bars, splits.ts)), ratio: splits.ratio.filter(inRange(bars, splits.ts)) },
    dividends: { ts: dividends.ts.filter(inRange(bars, dividends.ts)), amount: dividends.amount.filter(inRange(bars, dividends.ts)) },
  };
  return kept.splits.ts.length + kept.dividends.ts.length === 0 ? withoutActions(bars) : { ...bars, actions: kept };
}

/** The bars alone. */
export function withoutActions(bars: Bars): Bars {
  const copy = { ...bars };
  delete copy.actions;
  return copy;
}

function inRange({ ts }: Bars, times: Float64Array): (value: number, index: number) => boolean {
  const [first = Infinity, last = -Infinity] = [ts[0], ts.at(-1)];
  return (_, index) => times[index]! > first && times[index]! <= last;
}
