import { blank, defineIndicator, quotient } from './indicator.ts';
import { period } from './period.ts';
import { filled, firstFull } from './window.ts';

export const mom = defineIndicator({
  name: 'mom',
  title: 'Momentum',
  description: 'The value less the one `period` bars before, in their unit. First value at bar `period`. As MOM of TA-Lib.',
  columns: [],
  series: 1,
  params: [period()],
  outputs: ['value'],
  lookback: ([bars]) => bars,
  begin: () => ({ count: 0 }),
  advance(memory, { inputs, from, to, outputs }, [bars]) {
    const [values, out] = [inputs[0]!, outputs[0]!];
    const window = { from, to, bars, before: memory.count };
    for (let i = firstFull(window); i < to; i++) out[i - from] = values[i]! - values[i - bars]!;
    blank(out, window, bars - memory.count);
    memory.count = filled(window);
  },
});

export const roc = defineIndicator({
  name: 'roc',
  title: 'Rate of change',
  description:
    'The change since `period` bars before, in percent of that value. First value at bar `period`; none where that value is 0, where ROC of TA-Lib gives 0.',
  columns: [],
  series: 1,
  params: [period()],
  outputs: ['value'],
  lookback: ([bars]) => bars,
  begin: ([bars]) => mom.start([bars]),
  advance(memory, stretch, [bars]) {
    const { from, to } = stretch;
    const [values, out] = [stretch.inputs[0]!, stretch.outputs[0]!];
    mom.run(memory, stretch);
    for (let i = from; i < to; i++) if (!Number.isNaN(out[i - from]!)) out[i - from] = quotient(100 * out[i - from]!, values[i - bars]!);
  },
});
