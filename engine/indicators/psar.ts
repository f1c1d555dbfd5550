import { defineIndicator } from './indicator.ts';

export const psar = defineIndicator({
  name: 'psar',
  title: 'Parabolic stop and reverse',
  description:
    'A stop that follows the price, in its unit: each bar it moves towards the highest high since the turn (in a downtrend the lowest low) by a share that starts at `step` and grows by `step` with each new extreme, up to `max`; never beyond the last two lows (highs). Touched, it turns over to the other side, to the extreme. direction: 1 where it is below the price, -1 where above. First value at bar 1; the first trend is down if the low then fell by more than the high rose. As SAR of TA-Lib. J. Welles Wilder, 1978.',
  columns: ['high', 'low'],
  series: 0,
  params: [
    { name: 'step', type: 'number', min: 0, max: 1, default: 0.02 },
    { name: 'max', type: 'number', min: 0, max: 1, default: 0.2 },
  ],
  outputs: ['value', 'direction'],
  lookback: () => 1,
  begin: () => ({ bars: 0, direction: 1, stop: 0, extreme: 0, share: 0 }),
  advance(memory, { inputs, from, to, outputs }, [step, max]) {
    const [high, low, out, directions] = [inputs[0]!, inputs[1]!, outputs[0]!, outputs[1]!];
    const slowest = Math.min(step, max);
    let { bars, direction, stop, extreme, share } = memory;
    let i = from;
    if (bars === 0) {
      out[0] = directions[0] = NaN;
      bars = 1;
      i++;
    }
    // A downtrend is an uptrend of the prices below 0: stop and extreme are prices times the direction, so that there is one rule.
    if (bars === 1 && i < to) {
      direction = firstDirection(high, low, i);
      extreme = signed(direction, direction === 1 ? high[i]! : low[i]!);
      stop = signed(direction, direction === 1 ? low[i - 1]! : high[i - 1]!);
      share = slowest;
    }
    for (; i < to; i++) {
      // No bar before the second is looked at: the stop may start beyond its low.
      const last = bars === 1 ? i : i - 1;
      bars = 2;
      const touched = signed(direction, direction === 1 ? low[i]! : high[i]!) <= stop;
      if (touched) direction = 0 - direction;
      const top = signed(direction, direction === 1 ? high[i]! : low[i]!);
      const floor = Math.min(
        signed(direction, direction === 1 ? low[last]! : high[last]!),
        signed(direction, direction === 1 ? low[i]! : high[i]!),
      );
      if (touched) {
        stop = Math.min(0 - extreme, floor);
        extreme = top;
        share = slowest;
      }
      out[i - from] = direction * stop;
      directions[i - from] = direction;
      if (top > extreme) {
        extreme = top;
        share = Math.min(max, share + step);
      }
      stop = Math.min(stop + share * (extreme - stop), floor);
    }
    Object.assign(memory, { bars, direction, stop, extreme, share });
  },
});

function firstDirection(high: Float64Array, low: Float64Array, i: number): number {
  const fall = low[i - 1]! - low[i]!;
  return fall > 0 && fall > high[i]! - high[i - 1]! ? -1 : 1;
}

/** Never -0, which would not survive being written as JSON. */
function signed(direction: number, price: number): number {
  return direction * price + 0;
}
