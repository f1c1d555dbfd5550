import { ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT, type SignalBits, type Strategy } from './strategy.ts';

/** Reads the signals of some bars as bits, and packs them where a strategy gives bytes only. Every reading overwrites the one before. */
export function createSignalReader(most: number): (strategy: Strategy, fromBar: number, toBar: number) => SignalBits {
  const words = () => new Int32Array((most + 31) >>> 5);
  const bits = { enterLong: words(), exitLong: words(), enterShort: words(), exitShort: words() };
  const signals = new Uint8Array(most);
  return (strategy, fromBar, toBar) => {
    if (strategy.bits !== undefined) strategy.bits(fromBar, toBar, bits);
    else {
      const first = Math.min(toBar, Math.max(fromBar, strategy.firstDecision));
      signals.fill(0, 0, first - fromBar);
      if (first < toBar) strategy.signals(first, toBar, signals.subarray(first - fromBar));
      pack(signals, toBar - fromBar, bits);
    }
    return bits;
  };
}

function pack(signals: Uint8Array, count: number, bits: SignalBits): void {
  for (const plane of Object.values(bits) as Int32Array[]) plane.fill(0);
  for (let k = 0; k < count; k++) {
    const signal = signals[k]!;
    if (signal === 0) continue;
    const bit = 1 << (k & 31);
    if (signal & ENTER_LONG) bits.enterLong[k >>> 5]! |= bit;
    if (signal & EXIT_LONG) bits.exitLong[k >>> 5]! |= bit;
    if (signal & ENTER_SHORT) bits.enterShort[k >>> 5]! |= bit;
    if (signal & EXIT_SHORT) bits.exitShort[k >>> 5]! |= bit;
  }
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
