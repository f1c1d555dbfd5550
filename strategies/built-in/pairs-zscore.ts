import type { TraderContext } from '../../engine/trader.ts';
import { definePortfolio } from '../definition.ts';
import { pairSpread, type SpreadKind } from './pair-spread.ts';
import { INVESTED, weigh } from './rebalancing.ts';

const SPREADS: SpreadKind[] = ['ratio', 'regression'];

export const pairsZscore = definePortfolio({
  name: 'pairs-zscore',
  title: 'Pairs by standard score',
  description:
    'Trades the first symbol against the second: sells it and buys the other while it is dear (the standard score of their spread is high), the reverse while it is cheap, and leaves when the score has come back. With spread regression the legs are 1 to the slope of the line, and nothing is held while that is not positive; with ratio they are the same money.',
  params: {
    spread: {
      type: 'choice',
      values: SPREADS,
      default: 'ratio',
      description: 'Of the closes: their ratio, or the residual of a rolling line',
    },
    window: { type: 'integer', min: 3, max: 10_000, default: 60, description: 'Common bars over which the spread is measured' },
    enter: { type: 'number', min: 0.01, max: 100, default: 2, description: 'Enter where the score is this far from 0' },
    exit: { type: 'number', min: 0, max: 100, default: 0.5, description: 'Leave when it has come back to this' },
    invested: INVESTED,
  },
  symbols: { min: 2, max: 2 },
  check: ({ enter, exit }) => (exit < enter ? [] : [{ path: 'exit', message: `must be less than enter (${enter}), but is ${exit}` }]),
  trade({ invested, enter, exit, ...measure }, { bars, traded }) {
    const [a, b] = [traded[0]!, traded[1]!];
    const { zscore, hedge } = pairSpread(bars[a]!, bars[b]!, measure);

    function decide(context: TraderContext): void {
      const [first, second] = [context.symbols[a]!, context.symbols[b]!];
      const score = first.trading ? zscore[first.row]! : NaN;
      if (Number.isNaN(score)) return;
      const units = hedge[first.row]!;
      const held = Math.sign(first.position) || -Math.sign(second.position);
      const side = units > 0 ? sideOf(score, held, { enter, exit }) : 0;
      if (side === held) return;
      const [mine, other] = [first.close(), units * second.close()];
      const share = side === 0 ? 0 : (side * invested) / (mine + other);
      weigh(context, { [first.name]: share * mine, [second.name]: -share * other });
    }

    return {
      trader: { firstDecision: measure.window - 1, decide },
      indicators: bars.map((_, index) => (index === a ? { zscore, hedge } : {})),
    };
  },
});

/** Side of the first symbol: 1 long, -1 short. */
function sideOf(score: number, held: number, { enter, exit }: { enter: number; exit: number }): number {
  if (score >= enter) return -1;
  if (score <= -enter) return 1;
  return held * score >= -exit ? 0 : held;
}
