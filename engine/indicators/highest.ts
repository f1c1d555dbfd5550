import { highestPositions, lowestPositions } from './extremes.ts';
import { blank, defineIndicator, type IndicatorDefinition } from './indicator.ts';
import { period } from './period.ts';
import { filled } from './window.ts';

export const highest = extreme(highestPositions, {
  name: 'highest',
  title: 'Highest value',
  description:
    'The highest of the last `period` values, the present one included, in their unit. First value at bar period - 1. As MAX of TA-Lib.',
});

export const lowest = extreme(lowestPositions, {
  name: 'lowest',
  title: 'Lowest value',
  description:
    'The lowest of the last `period` values, the present one included, in their unit. First value at bar period - 1. As MIN of TA-Lib.',
});

function extreme(
  positionsOf: typeof highestPositions,
  words: Pick<IndicatorDefinition, 'name' | 'title' | 'description'>,
): IndicatorDefinition {
  return defineIndicator({
    ...words,
    columns: [],
    series: 1,
    params: [period()],
    outputs: ['value'],
    lookback: ([bars]) => bars - 1,
    begin: () => ({ count: 0 }),
    advance(memory, stretch, [bars]) {
      const values = stretch.inputs[0]!;
      const out = stretch.outputs[0]!;
      const window = { from: stretch.from, to: stretch.to, bars, before: memory.count };
      const positions = positionsOf(values, window);
      for (let i = 0; i < positions.length; i++) out[i] = values[positions[i]!]!;
      blank(out, stretch, bars - 1 - memory.count);
      memory.count = filled(window);
    },
  });
}
