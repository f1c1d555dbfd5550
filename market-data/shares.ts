import type { CorporateActions } from '../shared/bars.ts';

/** New shares at the end of all splits for one share of this time. */
export function sharesAfter({ splits }: CorporateActions, time: number): number {
  return splits.ts.reduce((product, ts, i) => (time < ts ? product * splits.ratio[i]! : product), 1);
}

/** Dividends for a share of the end, for prices that are adjusted for splits. */
export function dividendsInLastShares(actions: CorporateActions): CorporateActions {
  const { ts, amount } = actions.dividends;
  const none = new Float64Array(0);
  return { splits: { ts: none, ratio: none }, dividends: { ts, amount: amount.map((money, i) => money / sharesAfter(actions, ts[i]!)) } };
}
