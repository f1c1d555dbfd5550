import { firstDecision } from '../../engine/indicators/warm-up.ts';
import { createPeriodEnd } from '../../engine/timeframes/period.ts';
import type { Trader, TraderContext } from '../../engine/trader.ts';
import { createBarValues, type BarValues } from './bar-values.ts';
import { indicatorsOf, resolveColumns } from './columns.ts';
import type { Condition, NumberNode, Plane } from './graph.ts';
import type { Program } from './program.ts';
import type { TradedBars } from './traded-bars.ts';

interface Follower {
  place: number;
  first: number;
  values: BarValues;
}

/**
 * Rules that give each symbol a share of the equity. Weights are set at the first bar at which one is known, and then whenever they are due: so that
 * they fill at the first open of a period, or where a condition on the bars of the first traded symbol certainly holds. A symbol that is certainly not in
 * the universe goes to 0; one whose weight or membership is not known stays as it is.
 */
export function createWeightTrader(program: Program, { bars, traded, calendar, zone }: TradedBars): Trader {
  const { rebalance, conditions } = program;
  const weight = program.numbers.weight!;
  const planes = [conditions.universe, typeof rebalance === 'string' ? null : rebalance].flatMap((each) =>
    each ? [each.holds, each.fails] : [],
  );
  const columns = resolveColumns([...planes, weight], bars);
  const followers = traded.map((place): Follower => {
    const values = createBarValues({ planes, numbers: [weight] }, bars[place]!, columns[place]!);
    return { place, first: firstDecision(...indicatorsOf(columns[place]!)), values };
  });
  const endsPeriod = typeof rebalance === 'string' ? createPeriodEnd(rebalance, calendar, zone) : null;
  let hasBegun = false;

  function isDue(context: TraderContext): boolean {
    if (rebalance === null || !hasBegun) return true;
    if (typeof rebalance === 'string') return endsPeriod!(context);
    const [leader] = followers;
    if (leader === undefined) return false;
    const { trading, row } = context.symbols[leader.place]!;
    return trading && row >= leader.first && leader.values.holds(rebalance.holds, row);
  }

  return {
    firstDecision: 0, // each symbol counts its own bars
    decide(context) {
      if (!isDue(context)) return;
      const weights = weightsAt(context, followers, { weight, universe: conditions.universe });
      if (Object.keys(weights).length === 0) return;
      hasBegun = true;
      for (const [symbol, share] of Object.entries(weights)) context.plot('weight', share, symbol);
      context.target(weights);
    },
    memory: () => hasBegun,
    recall: (memory) => void (hasBegun = memory as boolean),
  };
}

function weightsAt(
  context: TraderContext,
  followers: readonly Follower[],
  { weight, universe }: { weight: NumberNode; universe: Condition | undefined },
): Record<string, number> {
  const weights: Record<string, number> = {};
  for (const { place, first, values } of followers) {
    const { name, row, member } = context.symbols[place]!;
    if (row < first || !member) continue;
    const isIn = (plane: Plane | undefined, otherwise: boolean) => (plane === undefined ? otherwise : values.holds(plane, row));
    const share = isIn(universe?.fails, false) ? 0 : isIn(universe?.holds, true) ? values.number(weight, row) : NaN;
    if (Number.isFinite(share)) weights[name] = share;
  }
  return weights;
}
