import { blank, defineIndicator } from './indicator.ts';
import { period } from './period.ts';
import { relayColumn, tailOf } from './relay.ts';
import { EMPTY_SUM, slidingSums } from './sliding-sums.ts';

export const kama = defineIndicator({
  name: 'kama',
  title: "Kaufman's adaptive moving average",
  description:
    'average before + s² × (value - average before), in the unit of the values. s lies between 2 / (slow + 1) and 2 / (fast + 1), in proportion to the efficiency: the change over `period` bars as a share of the way travelled (1 where nothing moved). It starts as the value at bar period - 1; first value at bar `period`. As KAMA of TA-Lib, which has fast 2 and slow 30. Perry Kaufman, Trading Systems and Methods.',
  columns: [],
  series: 1,
  params: [period({ default: 10 }), period({ name: 'fast', default: 2 }), period({ name: 'slow', default: 30 })],
  outputs: ['value'],
  lookback: ([bars]) => bars,
  begin: () => ({ count: 0, average: 0, way: EMPTY_SUM, tail: [] as number[] }),
  advance(memory, { inputs, from, to, outputs }, [bars, fast, slow]) {
    const [values, out] = [inputs[0]!, outputs[0]!];
    const start = memory.tail.length;
    const moves = relayColumn(memory.tail, to - from);
    // The first bar has not moved: its 0 has left the window by the first value.
    for (let i = memory.count === 0 ? from + 1 : from; i < to; i++) moves[start + i - from] = Math.abs(values[i]! - values[i - 1]!);
    const way = slidingSums(memory.way, moves, { from: start, to: moves.length, bars, before: Math.min(bars, memory.count) });
    const slowest = 2 / (slow + 1);
    const span = 2 / (fast + 1) - slowest;
    const first = Math.min(to, from + Math.max(0, bars - memory.count));
    // -0 would not survive being written as JSON.
    let average = first > from ? values[first - 1]! + 0 : memory.average;
    for (let i = first; i < to; i++) {
      const change = Math.abs(values[i]! - values[i - bars]!);
      const travelled = way.sum[i - from]!;
      const efficiency = change < travelled ? change / travelled : 1;
      const weight = efficiency * span + slowest;
      average += weight * weight * (values[i]! - average);
      out[i - from] = average;
    }
    blank(out, { from, to }, bars - memory.count);
    Object.assign(memory, { count: Math.min(bars + 1, memory.count + to - from), average, way: way.memory, tail: tailOf(moves, bars) });
  },
});
