import { isMissing, type IndicatorDefinition } from './indicator.ts';
import { period } from './period.ts';

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
    const before = state.memory as number;
    for (let i = from; i < to; i++) {
      const value = i - from + before < bars ? NaN : values[i - bars]!;
      out[i - from] = isMissing(value) ? NaN : value;
    }
    state.memory = Math.min(bars, before + to - from);
  },
};
