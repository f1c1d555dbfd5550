import { blank, type IndicatorDefinition, isMissing } from './indicator.ts';
import { period } from './period.ts';
import { filled, firstFull } from './window.ts';

export const lag: IndicatorDefinition = {
  name: 'lag',
  title: 'Earlier value',
  description:
    'The value `bars` bars before, in its unit. First value at bar `bars`. Missing only where that very value is: unlike all others it does not start anew after a missing one.',
  columns: [],
  series: 1,
  params: [period({ name: 'bars', min: 0, default: 1 })],
  outputs: ['value'],
  lookback: ([bars]) => bars!,
  start: (params) => ({ params, memory: 0 }),
  run(state, { inputs, from, to, outputs }) {
    const [values, out] = [inputs[0]!, outputs[0]!];
    const bars = state.params[0]!;
    const window = { from, to, bars, before: state.memory as number };
    for (let i = firstFull(window); i < to; i++) out[i - from] = isMissing(values[i - bars]!) ? Number.NaN : values[i - bars]!;
    blank(out, window, bars - window.before);
    state.memory = filled(window);
  },
};
