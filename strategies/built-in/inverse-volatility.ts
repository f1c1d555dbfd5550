import { indicatorColumn } from '../../engine/indicators/compute.ts';
import { roc } from '../../engine/indicators/momentum.ts';
import { stdev } from '../../engine/indicators/stdev.ts';
import { ANY_SYMBOLS } from '../../shared/strategy.ts';
import { definePortfolio } from '../definition.ts';
import { createRebalancer, INVESTED, membersOf, SCHEDULE, weigh, weightsOf } from './rebalancing.ts';

export const inverseVolatility = definePortfolio({
  name: 'inverse-volatility',
  title: 'Inverse volatility',
  description:
    'Weighs each symbol by 1 / the standard deviation of its returns over a window, and brings it back to that once a period. A symbol that has too few bars, or whose price did not move, gets nothing.',
  params: {
    window: { type: 'integer', min: 2, max: 10_000, default: 60, description: 'Returns, from bar to bar, that the deviation is taken of' },
    ...SCHEDULE,
    invested: INVESTED,
  },
  symbols: ANY_SYMBOLS,
  trade({ window, invested, ...schedule }, { bars, traded, ...times }) {
    const volatility = bars.map(({ close }) => indicatorColumn(stdev, [indicatorColumn(roc, [close], [1])], [window]));
    return {
      trader: createRebalancer({
        ...times,
        schedule,
        firstDecision: window,
        act(context) {
          const members = membersOf(context, traded);
          const calm = members.map((symbol) => 1 / (volatility[symbol]![context.symbols[symbol]!.row] ?? NaN));
          const shares = new Map(members.map((symbol, i) => [symbol, calm[i]!] as const).filter(([, share]) => share < Infinity));
          const total = [...shares.values()].reduce((sum, share) => sum + share, 0);
          if (total > 0)
            weigh(
              context,
              weightsOf(context, traded, (symbol) => (invested * (shares.get(symbol) ?? 0)) / total),
            );
          return total > 0;
        },
      }),
      indicators: volatility.map((column) => ({ volatility: column })),
    };
  },
});
