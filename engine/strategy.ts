/**
 * What a strategy may ask for at the close of a bar. The signals of one bar are added up; which of them matter depends on the
 * position: while flat only entries do, while long an exit or a short entry, while short an exit or a long entry.
 */
export const ENTER_LONG = 1;
export const EXIT_LONG = 2;
export const ENTER_SHORT = 4;
export const EXIT_SHORT = 8;

/** The signals of some bars, each as a bit a bar: bit k of word w belongs to the bar 32 w + k after the first. */
export interface SignalBits {
  enterLong: Int32Array;
  exitLong: Int32Array;
  enterShort: Int32Array;
  exitShort: Int32Array;
}

/** Values by name, one for each bar of a symbol; NaN where there is none. */
export type Indicators = Readonly<Record<string, Float64Array>>;

/** A strategy with its parameters and bars bound, ready to simulate. */
export interface Strategy {
  /**
   * First bar whose close may lead to an order: one after the first bar at which every indicator is valid, because a crossing
   * looks one bar back. The simulation never uses a signal of an earlier bar.
   */
  readonly firstDecision: number;
  /** What it decides by, for people to look at. */
  readonly indicators?: Indicators;
  /**
   * Writes the signals of the bars [fromBar, toBar) to the start of `out`. The signal of bar i may depend on the bars 0..i only, and
   * never on how the range was cut.
   */
  signals(fromBar: number, toBar: number, out: Uint8Array): void;
  /** The same signals as bits, for simulations that look for events only: every word of these bars is written. Bits before `firstDecision` mean nothing. */
  bits?(fromBar: number, toBar: number, out: SignalBits): void;
}
