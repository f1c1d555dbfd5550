import { defineIndicator, quotient, type IndicatorDefinition, type IndicatorState, type Stretch } from './indicator.ts';
import { period } from './period.ts';
import { rma } from './rma.ts';
import { trueRange } from './true-range.ts';

const SEEDING =
  'TA-Lib gives 0 where there is none, and starts its sums from one bar less, so it differs at first, by what fades by the factor (period - 1) / period with each bar. J. Welles Wilder, 1978.';

export const diPlus = directional(1, {
  name: 'diPlus',
  title: 'Positive directional indicator',
  description: `100 × rma of the upward moves / rma of the true range, in percent. A move is upward where the high rose by more than the low fell. First value at bar \`period\`; none as long as the price has not moved at all. ${SEEDING}`,
});

export const diMinus = directional(-1, {
  name: 'diMinus',
  title: 'Negative directional indicator',
  description: `100 × rma of the downward moves / rma of the true range, in percent. A move is downward where the low fell by more than the high rose. First value at bar \`period\`; none as long as the price has not moved at all. ${SEEDING}`,
});

export const adx = defineIndicator({
  name: 'adx',
  title: 'Average directional index',
  description: `The rma of 100 × |diPlus - diMinus| / (diPlus + diMinus), 0 to 100: how strong a trend is, whichever its direction. First value at bar 2 × period - 1, later where no bar has moved beyond the one before. ${SEEDING}`,
  columns: ['high', 'low', 'close'],
  series: 0,
  params: [period({ default: 14 })],
  outputs: ['value'],
  lookback: () => 1,
  begin: ([bars]) => ({ plus: diPlus.start([bars]), minus: diMinus.start([bars]), average: rma.start([bars]) }),
  advance(memory, stretch) {
    const length = stretch.to - stretch.from;
    const strength = new Float64Array(length);
    const minus = new Float64Array(length);
    diPlus.run(memory.plus, { ...stretch, outputs: [strength] });
    diMinus.run(memory.minus, { ...stretch, outputs: [minus] });
    for (let i = 0; i < length; i++) {
      strength[i] = quotient(100 * Math.abs(strength[i]! - minus[i]!), strength[i]! + minus[i]!);
    }
    rma.run(memory.average, { inputs: [strength], from: 0, to: length, outputs: stretch.outputs });
  },
});

interface DirectionalMemory {
  readonly range: IndicatorState;
  readonly averageRange: IndicatorState;
  readonly averageMove: IndicatorState;
}

function directional(sign: 1 | -1, words: Pick<IndicatorDefinition, 'name' | 'title' | 'description'>): IndicatorDefinition {
  return defineIndicator({
    ...words,
    columns: ['high', 'low', 'close'],
    series: 0,
    params: [period({ default: 14 })],
    outputs: ['value'],
    lookback: () => 1,
    begin: ([bars]): DirectionalMemory => ({ range: trueRange.start([]), averageRange: rma.start([bars]), averageMove: rma.start([bars]) }),
    advance(memory, stretch) {
      const out = stretch.outputs[0]!;
      const length = stretch.to - stretch.from;
      const column = new Float64Array(length);
      const ranges = new Float64Array(length);
      trueRange.run(memory.range, { ...stretch, outputs: [column] });
      rma.run(memory.averageRange, { inputs: [column], from: 0, to: length, outputs: [ranges] });
      // What has no true range has no move either.
      moves(stretch, column, sign);
      rma.run(memory.averageMove, { inputs: [column], from: 0, to: length, outputs: [out] });
      for (let i = 0; i < length; i++) out[i] = quotient(100 * out[i]!, ranges[i]!);
    },
  });
}

/** The moves in one direction, written over whatever is no NaN. */
function moves({ inputs, from, to }: Stretch, out: Float64Array, sign: 1 | -1): void {
  const [high, low] = [inputs[0]!, inputs[1]!];
  for (let i = from; i < to; i++) {
    if (Number.isNaN(out[i - from]!)) continue;
    const up = high[i]! - high[i - 1]!;
    const down = low[i - 1]! - low[i]!;
    const move = sign === 1 ? up : down;
    out[i - from] = move > 0 && sign * up > sign * down ? move : 0;
  }
}
