import { ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT, type SignalBits, type Strategy } from '../strategy.ts';

/** Bars whose signals are asked for at once. */
const BLOCK = 1_024;

/** The signals of a whole run as bits, packed here where a strategy gives bytes only. */
export function signalBits(strategy: Strategy, total: number): SignalBits {
  return strategy.bits?.() ?? packed(strategy, total);
}

function packed(strategy: Strategy, total: number): SignalBits {
  const words = (total + 31) >>> 5;
  const bits = {
    enterLong: new Int32Array(words),
    exitLong: new Int32Array(words),
    enterShort: new Int32Array(words),
    exitShort: new Int32Array(words),
  };
  const signals = new Uint8Array(BLOCK);
  for (let from = strategy.firstDecision; from < total; from += BLOCK) {
    const to = Math.min(total, from + BLOCK);
    strategy.signals(from, to, signals);
    for (let bar = from; bar < to; bar++) {
      const signal = signals[bar - from]!;
      if (signal === 0) continue;
      const bit = 1 << (bar & 31);
      if (signal & ENTER_LONG) bits.enterLong[bar >>> 5]! |= bit;
      if (signal & EXIT_LONG) bits.exitLong[bar >>> 5]! |= bit;
      if (signal & ENTER_SHORT) bits.enterShort[bar >>> 5]! |= bit;
      if (signal & EXIT_SHORT) bits.exitShort[bar >>> 5]! |= bit;
    }
  }
  return bits;
}

/** The signals of one bar, added up. */
export function signalAt({ enterLong, exitLong, enterShort, exitShort }: SignalBits, bar: number): number {
  const word = bar >>> 5;
  const at = (plane: Int32Array) => (plane[word]! >>> (bar & 31)) & 1;
  return at(enterLong) * ENTER_LONG + at(exitLong) * EXIT_LONG + at(enterShort) * ENTER_SHORT + at(exitShort) * EXIT_SHORT;
}

/** The first bar from `from` on whose signals matter in a position of this sign; `total` where there is none. Entries to both sides at once do not. */
export function nextEvent(bits: SignalBits, side: number, { from, total }: { from: number; total: number }): number {
  const { enterLong, exitLong, enterShort, exitShort } = bits;
  const words = (total + 31) >>> 5;
  let mask = -1 << (from & 31);
  for (let w = from >>> 5; w < words; w++) {
    const long = enterLong[w]!;
    const short = enterShort[w]!;
    const matters = side === 0 ? long ^ short : side > 0 ? exitLong[w]! | (short & ~long) : exitShort[w]! | (long & ~short);
    const rest = matters & mask;
    if (rest !== 0) return w * 32 + 31 - Math.clz32(rest & -rest);
    mask = -1;
  }
  return total;
}
