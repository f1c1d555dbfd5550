import { blank, defineIndicator, quotient, type IndicatorDefinition } from './indicator.ts';
import { period } from './period.ts';

export const mom = sinceThen((now, then) => now - then, {
  name: 'mom',
  title: 'Momentum',
  description: 'The value less the one `period` bars before, in their unit. First value at bar `period`. As MOM of TA-Lib.',
});

export const roc = sinceThen((now, then) => 100 * quotient(now - then, then), {
  name: 'roc',
  title: 'Rate of change',
  description:
    'The change since `period` bars before, in percent of that value. First value at bar `period`; none where that value is 0, where ROC of TA-Lib gives 0.',
});

function sinceThen(
  compare: (now: number, then: number) => number,
  words: Pick<IndicatorDefinition, 'name' | 'title' | 'description'>,
): IndicatorDefinition {
  return defineIndicator({
    ...words,
    columns: [],
    series: 1,
    params: [period()],
    outputs: ['value'],
    lookback: ([bars]) => bars,
    begin: () => ({ count: 0 }),
    advance(memory, stretch, [bars]) {
      const { from, to } = stretch;
      const [values, out] = [stretch.inputs[0]!, stretch.outputs[0]!];
      const first = Math.min(to, from + Math.max(0, bars - memory.count));
      for (let i = first; i < to; i++) out[i - from] = compare(values[i]!, values[i - bars]!);
      blank(out, stretch, bars - memory.count);
      memory.count = Math.min(bars, memory.count + to - from);
    },
  });
}
