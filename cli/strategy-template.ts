/** What `holdfast strategy new` writes: a strategy that trades, with a word on each part. */
export function strategyTemplate(name: string): string {
  const words = name.replaceAll('-', ' ');
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  return `import { defineModule } from '../define-module.ts';

export const strategy = defineModule({
  title: '${title}',
  description: 'Buys when the close is above that of some bars ago, and sells when it is below.',

  // What a spec may set in strategy.params: integer, number or choice, each with a default.
  params: {
    bars: { type: 'integer', min: 1, max: 500, default: 20, description: 'How far to look back' },
    stopLoss: { type: 'number', min: 0.001, max: 0.5, default: 0.05, description: 'Fraction below the price of the entry' },
  },

  // Bars to let pass before the first call of next.
  warmUp: ({ bars }) => bars,

  // What it remembers from bar to bar. It is stored with every checkpoint: plain objects, arrays, numbers, strings, booleans and nulls.
  init: () => ({ entries: 0 }),

  // Called at the close of each bar. Orders work from the next bar on; context.order, protect, cancel and target give full control.
  next(context, state, { bars, stopLoss }) {
    const symbol = context.symbol();
    const isRising = symbol.close() > symbol.close(bars);
    if (isRising && symbol.position === 0) {
      state.entries += 1;
      context.buy({ stopLoss: { percent: stopLoss }, tag: \`entry \${state.entries}\` });
    } else if (!isRising && symbol.position > 0) {
      context.close();
      context.log(\`Left entry \${state.entries} at \${symbol.close()}\`);
    }
  },
});
`;
}
