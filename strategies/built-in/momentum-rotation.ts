import { indicatorColumn } from '../../engine/indicators/compute.ts';
import { roc } from '../../engine/indicators/momentum.ts';
import type { TraderContext } from '../../engine/trader.ts';
import { definePortfolio } from '../definition.ts';
import { createRebalancer, INVESTED, membersOf, SCHEDULE, showWeights, weigh, weightsOf } from './rebalancing.ts';

export const momentumRotation = definePortfolio({
  name: 'momentum-rotation',
  title: 'Momentum rotation',
  description:
    'Holds the symbols whose closes have risen most over a lookback, the same money of each, and looks anew once a period. While they stay the same nothing is traded. With absoluteMomentum on, the place of a symbol that has not risen stays cash.',
  params: {
    top: { type: 'integer', min: 1, max: 500, default: 1, description: 'How many symbols to hold' },
    lookback: { type: 'integer', min: 1, max: 10_000, default: 126, description: 'Bars of each symbol over which its return is measured' },
    absoluteMomentum: { type: 'choice', values: ['off', 'on'], default: 'off', description: 'Whether a held symbol must have risen' },
    ...SCHEDULE,
    invested: INVESTED,
  },
  symbols: { min: 2, max: null },
  checkSymbols: ({ top }, count) =>
    top <= count ? [] : [{ path: 'top', message: `must not be above the number of symbols (${count}), but is ${top}` }],
  trade({ top, lookback, absoluteMomentum, invested, ...schedule }, { bars, traded, ...times }) {
    const momentum = bars.map(({ close }) => indicatorColumn(roc, [close], [lookback]));

    /** Places of the symbols to hold; null while too few bars have passed for any. */
    function strongest(context: TraderContext): readonly number[] | null {
      const known = membersOf(context, traded).map((symbol) => ({
        symbol,
        change: momentum[symbol]![context.symbols[symbol]!.row] ?? NaN,
      }));
      const ranked = known.filter(({ change }) => !Number.isNaN(change)).toSorted((a, b) => b.change - a.change);
      if (ranked.length === 0) return null;
      const best = ranked.slice(0, top);
      return (absoluteMomentum === 'on' ? best.filter(({ change }) => change > 0) : best).map(({ symbol }) => symbol);
    }

    function act(context: TraderContext): boolean {
      const wanted = strongest(context);
      if (wanted === null) return false;
      const isSame = traded.every((symbol) => wanted.includes(symbol) === context.symbols[symbol]!.position > 0);
      const weights = weightsOf(context, traded, (symbol) => (wanted.includes(symbol) ? invested / top : 0));
      if (isSame) showWeights(context, weights);
      else weigh(context, weights);
      return true;
    }

    return {
      trader: createRebalancer({ ...times, schedule, firstDecision: lookback, act }),
      indicators: momentum.map((column) => ({ momentum: column })),
    };
  },
});
