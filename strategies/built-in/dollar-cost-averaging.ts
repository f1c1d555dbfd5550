import { firstDecision } from '../../engine/indicators/warm-up.ts';
import type { Trader, TraderContext } from '../../engine/trader.ts';
import { ANY_SYMBOLS } from '../../shared/strategy.ts';
import { definePortfolio } from '../definition.ts';
import { createRebalancer, SCHEDULE } from './rebalancing.ts';

/** What has to be known to go on. */
interface Plan {
  /** Cash before the first purchase; null before it. */
  cash: number | null;
  purchases: number;
}

export const dollarCostAveraging = definePortfolio({
  name: 'dollar-cost-averaging',
  title: 'Dollar cost averaging',
  description:
    'Spends the cash in equal parts, one a period, on all symbols alike, and then holds. What whole units left over, and dividends, are spent with the next part.',
  params: {
    parts: { type: 'integer', min: 1, max: 10_000, default: 12, description: 'Number of purchases' },
    ...SCHEDULE,
  },
  symbols: ANY_SYMBOLS,
  trade({ parts, ...schedule }, { traded, ...data }) {
    let plan: Plan = { cash: null, purchases: 0 };

    function act(context: TraderContext): boolean {
      const known = traded.map((index) => context.symbols[index]!).filter(({ row }) => row >= 0);
      if (known.length === 0 || plan.purchases === parts) return plan.purchases > 0;
      const cash = plan.cash ?? context.cash;
      plan = { cash, purchases: plan.purchases + 1 };
      const kept = (cash * (parts - plan.purchases)) / parts;
      // A purchase that still waits for a bar is asked for anew with the money that it did not spend.
      context.cancel();
      const amount = (context.cash - kept) / known.length;
      if (amount > 0) for (const { name } of known) context.buy({ symbol: name, size: { cash: amount } });
      return true;
    }

    const rebalancer = createRebalancer({ ...data, schedule, firstDecision: firstDecision(), act });
    const trader: Trader = {
      ...rebalancer,
      memory: () => ({ rebalancer: rebalancer.memory!(), ...plan }),
      recall(memory) {
        const { rebalancer: ofRebalancer, ...before } = memory as unknown as Plan & { rebalancer: boolean };
        rebalancer.recall!(ofRebalancer);
        plan = before;
      },
    };
    return { trader };
  },
});
