import { createPeriodEnd, PERIODS, type Period } from '../../engine/timeframes/period.ts';
import type { Trader, TraderContext } from '../../engine/trader.ts';
import type { PortfolioData } from '../definition.ts';

type Start = 'at-once' | 'period-end';
const STARTS: Start[] = ['at-once', 'period-end'];
const EVERY: Period[] = [...PERIODS];

/** When a portfolio acts: parameters that several strategies have. */
export const SCHEDULE = {
  rebalance: {
    type: 'choice' as const,
    values: EVERY,
    default: 'monthly' as const,
    description: 'How often: decided at the last close of each period, so that it fills at the first open of the next',
  },
  start: {
    type: 'choice' as const,
    values: STARTS,
    default: 'at-once' as const,
    description: 'Whether it first acts as soon as it can, or at the end of the period that the data begin in',
  },
};

/** Parameter: how much of the equity a portfolio invests. */
export const INVESTED = {
  type: 'number' as const,
  min: 0.01,
  max: 10,
  default: 1,
  description: 'Share of the equity to invest; the rest stays cash, for fees. Above 1 the account needs leverage',
};

interface Rebalancing extends Pick<PortfolioData, 'calendar' | 'zone'> {
  schedule: { rebalance: Period; start: Start };
  /** First bar of the merged timeline at which it can act. */
  firstDecision: number;
  /** Acts; false where too little is known yet. */
  act: (context: TraderContext) => boolean;
}

/** A trader that acts once a period, and where `start` says so as soon as it can. */
export function createRebalancer({ calendar, zone, schedule, firstDecision, act }: Rebalancing): Trader {
  const endsPeriod = createPeriodEnd(schedule.rebalance, calendar, zone);
  let hasBegun = schedule.start === 'period-end';
  return {
    firstDecision,
    decide(context) {
      if ((!hasBegun || endsPeriod(context)) && act(context)) hasBegun = true;
    },
    memory: () => hasBegun,
    recall: (memory) => void (hasBegun = memory as boolean),
  };
}

type Weights = Readonly<Record<string, number>>;

/** Those of the traded symbols that may be held now. */
export function membersOf({ symbols }: TraderContext, traded: readonly number[]): readonly number[] {
  return traded.filter((index) => symbols[index]!.member);
}

/** Weights of symbols that have had a bar, given by place; 0 for those of them that have no weight. */
export function weightsOf(context: TraderContext, traded: readonly number[], weightOf: (symbol: number) => number | undefined): Weights {
  const known = membersOf(context, traded)
    .map((index) => context.symbols[index]!)
    .filter(({ row }) => row >= 0);
  return Object.fromEntries(known.map(({ name, index }) => [name, weightOf(index) ?? 0]));
}

/** Notes weights for people to look at. */
export function showWeights(context: TraderContext, weights: Weights): void {
  for (const [symbol, weight] of Object.entries(weights)) context.plot('weight', weight, symbol);
}

/** Brings symbols to these weights, and notes them. */
export function weigh(context: TraderContext, weights: Weights): void {
  showWeights(context, weights);
  context.target(weights);
}
