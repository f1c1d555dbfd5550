import type { CorporateActions } from '../../shared/bars.ts';

/** What happened to a share since the bar before: its price p becomes p / ratio - dividend. */
export interface Change {
  ratio: number;
  dividend: number;
}

/** Splits and dividends on their way to slower bars. An action takes effect before the first bar that opens at or after it, so it goes to the slow bar of that one. */
export interface ActionCarrier {
  /** What takes effect at a faster bar, in the slow bar labelled `label`; null where nothing does. To be called with rising times. */
  next(ts: number, label: number): Change | null;
  /** Actions with the times of the slow bars that they take effect in. */
  finish(): CorporateActions;
}

export function carryActions({ splits, dividends }: CorporateActions): ActionCarrier {
  const ratios = new Map<number, number>();
  const amounts = new Map<number, number>();
  let split = 0;
  let dividend = 0;

  function next(ts: number, label: number): Change | null {
    const change = { ratio: 1, dividend: 0 };
    const isDue = (times: Float64Array, index: number) => index < times.length && times[index]! <= ts;
    while (isDue(splits.ts, split) || isDue(dividends.ts, dividend)) {
      // Of one day the split comes first: dividends are for a share of after it.
      if (isDue(splits.ts, split) && !(dividends.ts[dividend]! < splits.ts[split]!)) {
        const ratio = splits.ratio[split++]!;
        change.ratio *= ratio;
        change.dividend /= ratio;
        ratios.set(label, (ratios.get(label) ?? 1) * ratio);
        if (amounts.has(label)) amounts.set(label, amounts.get(label)! / ratio);
      } else {
        const amount = dividends.amount[dividend++]!;
        change.dividend += amount;
        amounts.set(label, (amounts.get(label) ?? 0) + amount);
      }
    }
    return change.ratio === 1 && change.dividend === 0 ? null : change;
  }

  return {
    next,
    finish: () => ({
      splits: { ts: Float64Array.from(ratios.keys()), ratio: Float64Array.from(ratios.values()) },
      dividends: { ts: Float64Array.from(amounts.keys()), amount: Float64Array.from(amounts.values()) },
    }),
  };
}
