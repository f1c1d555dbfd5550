import { DAY_MS, momentOf } from '../../engine/timeframes/local-time.ts';
import type { CorporateActions } from '../../shared/bars.ts';
import { timeframeMs } from '../../shared/spec.ts';
import { LAST_TIME } from '../range.ts';
import type { UniverseMember } from '../source.ts';
import { zoneOffsets } from '../zone.ts';

/** Which bars days are compared with. */
interface BarTimes {
  timeframe: string;
  /** Of the source. */
  timeZone: string;
}

/** Days that tables name (midnight UTC) as bars have them: intraday ones carry moments, and a day begins when it does where they were traded. */
export function actionsAsBars(actions: CorporateActions, bars: BarTimes): CorporateActions {
  const { splits, dividends } = actions;
  const momentOfDay = createMoments([...splits.ts, ...dividends.ts], bars);
  return {
    splits: { ts: splits.ts.map(momentOfDay), ratio: splits.ratio },
    dividends: { ts: dividends.ts.map(momentOfDay), amount: dividends.amount },
  };
}

/** As {@link actionsAsBars}. */
export function membersAsBars(members: readonly UniverseMember[], bars: BarTimes): readonly UniverseMember[] {
  const momentOfDay = createMoments(
    members.flatMap(({ from, to }) => [from, to]),
    bars,
  );
  return members.map(({ symbol, from, to }) => ({ symbol, from: momentOfDay(from), to: momentOfDay(to) }));
}

function createMoments(days: readonly number[], { timeframe, timeZone }: BarTimes): (day: number) => number {
  const isDay = (day: number): boolean => Math.abs(day) < LAST_TIME;
  const known = days.filter(isDay);
  if (timeframeMs(timeframe) >= DAY_MS || timeZone === 'UTC' || known.length === 0) return (day) => day;
  const [first, last] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  const zone = zoneOffsets(timeZone, first - 2 * DAY_MS, last + 2 * DAY_MS);
  return (day) => (isDay(day) ? momentOf(zone, day) : day);
}
