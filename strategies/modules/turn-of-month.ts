import { defineModule } from '../define-module.ts';

export const strategy = defineModule({
  title: 'Turn of the month',
  description: 'Holds from a day late in each month to one early in the next, with a protective stop; one entry a month.',
  params: {
    enterDay: { type: 'integer', min: 20, max: 31, default: 26, description: 'First day of a month on which to buy' },
    exitDay: { type: 'integer', min: 1, max: 15, default: 4, description: 'First day of the next month on which to sell' },
    stopLoss: { type: 'number', min: 0.001, max: 0.5, default: 0.03, description: 'Fraction below the price of the entry' },
  },

  init: () => ({ lastEntry: '' }),

  next(context, state, { enterDay, exitDay, stopLoss }) {
    const { position } = context.symbol();
    const date = new Date(context.time);
    const day = date.getUTCDate();
    const month = date.toISOString().slice(0, 7);

    if (position === 0 && day >= enterDay && month !== state.lastEntry) {
      state.lastEntry = month;
      context.buy({ stopLoss: { percent: stopLoss }, tag: month });
    } else if (position > 0 && day >= exitDay && day < enterDay) {
      context.close();
      context.log(`Held over the turn after ${state.lastEntry}`);
    }
  },
});
