import { firstDecision } from '../../engine/indicators/warm-up.ts';
import { ANY_SYMBOLS } from '../../shared/strategy.ts';
import { definePortfolio } from '../definition.ts';
import { createRebalancer, INVESTED, membersOf, SCHEDULE, weigh, weightsOf } from './rebalancing.ts';

export const equalWeight = definePortfolio({
  name: 'equal-weight',
  title: 'Equal weights',
  description:
    'Holds the same money of every symbol, and brings each back to its share once a period. A symbol whose data begin later joins at the next time.',
  params: { ...SCHEDULE, invested: INVESTED },
  symbols: ANY_SYMBOLS,
  trade: (params, { traded, ...data }) => ({
    trader: createRebalancer({
      ...data,
      schedule: params,
      firstDecision: firstDecision(),
      act(context) {
        const count = membersOf(context, traded).filter((index) => context.symbols[index]!.row >= 0).length;
        if (count > 0)
          weigh(
            context,
            weightsOf(context, traded, () => params.invested / count),
          );
        return count > 0;
      },
    }),
  }),
});
