import { firstDecision } from '../../engine/indicators/warm-up.ts';
import { ENTER_LONG } from '../../engine/strategy.ts';
import { defineStrategy } from '../definition.ts';

export const buyAndHold = defineStrategy({
  name: 'buy-and-hold',
  title: 'Buy and hold',
  description:
    'Buys at the first opportunity, the open of the third bar (no strategy decides before the close of the second), and holds to the end.',
  params: {},
  prepare: () => ({
    firstDecision: firstDecision(),
    // The wish to be long never ends, so an entry that the money did not suffice for is tried again.
    signals: (fromBar, toBar, out) => void out.fill(ENTER_LONG, 0, toBar - fromBar),
  }),
});
