import { defineIndicator } from './indicator.ts';
import { period } from './period.ts';

export const rma = defineIndicator({
  name: 'rma',
  title: "Wilder's moving average",
  description:
    '((period - 1) × the average before + value) / period, in the unit of the values. It starts as the mean of the first `period` values, at bar period - 1. As RMA of TA-Lib. J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.',
  columns: [],
  series: 1,
  params: [period()],
  outputs: ['value'],
  begin: () => ({ count: 0, average: 0 }),
  advance(memory, { inputs, from, to, outputs }, [bars]) {
    const values = inputs[0]!;
    const averages = outputs[0]!;
    let { count, average } = memory;
    for (let i = from; i < to; i++) {
      if (count < bars) {
        average += values[i]!;
        count++;
        if (count === bars) average /= bars;
      } else {
        average = wilderStep(average, values[i]!, bars);
      }
      averages[i - from] = count < bars ? Number.NaN : average;
    }
    memory.count = count;
    memory.average = average;
  },
});

/** The next value of Wilder's average over `bars`: one part in `bars` is the new value. */
export function wilderStep(average: number, value: number, bars: number): number {
  return ((bars - 1) * average + value) / bars;
}
