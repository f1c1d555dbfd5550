import { createRunSimulation, type Decider, type RunInput, type RunSimulation } from '../engine/run-simulation.ts';
import { nextUniform, seededState } from '../engine/seeded-random.ts';
import type { Strategy } from '../engine/strategy.ts';
import { mergeTimes } from '../engine/timeframes/merge-times.ts';
import type { Bars } from '../shared/bars.ts';
import type { LookAhead } from '../shared/run.ts';

export interface AuditInput extends Omit<RunInput, 'decider' | 'state'> {
  prepare: (bars: readonly Bars[]) => Decider;
  seed: number;
  /** Bars that may be decided on again, in all: what the audit may cost. */
  budget: number;
}

/** Bars at which decisions are made anew. */
const SAMPLES = 6;
/** Bars up to each of them whose decisions are compared. */
const LENGTH = 64;
/** Bars of all symbols, from the beginning, that samples are taken of: indicators are computed anew for each. */
const MOST_BARS = 20_000;
/** Bars of one symbol that are enough for most indicators, however many symbols there are. */
const ENOUGH_BARS = 2_000;

/** Bars of a symbol from the beginning that an audit looks at, at most; it needs to see where one symbol of so many has more. */
export function auditedBars(symbols: number): number {
  return Math.max(ENOUGH_BARS, Math.floor(MOST_BARS / symbols));
}

/**
 * Whether a strategy decides by what it could not have known: at sampled bars it decides again on data that end there, and must decide as it did on
 * data that go on. The bars are drawn by the seed, one from each stretch of the run's beginning. Null where there are too few bars to tell.
 */
export function auditLookAhead(input: AuditInput): LookAhead | null {
  const most = auditedBars(input.bars.length);
  let whole = startOf(input, most);
  let decider = input.prepare(whole.bars);
  const isTrader = 'trader' in decider;
  if (isTrader && input.budget < most) {
    // What a trader decides is known only by simulating every bar before.
    whole = startOf(input, Math.floor(input.budget));
    decider = input.prepare(whole.bars);
  }
  const ends = sampleEnds(firstDecision(decider) + 1, whole.times.length, input.seed);
  if (ends.length === 0) return null;
  const audit = { ...whole, decider, length: Math.max(1, Math.min(LENGTH, Math.floor(input.budget / (2 * ends.length)))) };
  const at = isTrader ? auditTrader(input, audit, ends) : auditSignals(input, audit, ends);
  return { passed: at === null, samples: ends.length, firstDifference: at === null ? null : new Date(at).toISOString() };
}

/** The beginning of the data, and what is decided on it. */
interface Audit {
  bars: readonly Bars[];
  /** Of all symbols. */
  times: Float64Array;
  decider: Decider;
  /** Bars to compare up to each sample. */
  length: number;
}

function startOf({ bars }: AuditInput, most: number): Pick<Audit, 'bars' | 'times'> {
  const ends = bars.flatMap(({ ts }) => (ts.length > most ? [ts[most - 1]!] : []));
  const until = ends.length === 0 ? Infinity : Math.min(...ends);
  const cut = bars.map((each) => beginning(each, until));
  return { bars: cut, times: mergeTimes(cut.map(({ ts }) => ts)) };
}

function firstDecision(decider: Decider): number {
  if ('trader' in decider) return decider.trader.firstDecision;
  return Math.min(...decider.signals.map((strategy) => strategy?.firstDecision ?? Infinity));
}

/** Bars that the samples end with, one in each stretch. There is at least one bar after each. */
function sampleEnds(first: number, total: number, seed: number): number[] {
  const count = Math.min(SAMPLES, Math.floor((total - 1 - first) / 2));
  if (!(count > 0)) return [];
  const random = seededState(seed);
  const stretch = (total - 1 - first) / count;
  return Array.from({ length: count }, (_, i) => Math.floor(first + stretch * (i + nextUniform(random))));
}

/** Time of the first signal that would have been another one; null where there is none. */
function auditSignals({ prepare }: AuditInput, { bars, times, decider, length }: Audit, ends: readonly number[]): number | null {
  for (const end of ends) {
    const known = bars.map((each) => beginning(each, times[end]!));
    const anew = signalsOf(prepare(known));
    for (const [s, strategy] of signalsOf(decider).entries()) {
      const to = known[s]!.ts.length;
      const row = firstDifference(strategy, anew[s] ?? null, Math.max(0, to - length), to);
      if (row !== null) return known[s]!.ts[row]!;
    }
  }
  return null;
}

function signalsOf(decider: Decider): readonly (Strategy | null)[] {
  return 'signals' in decider ? decider.signals : [];
}

function firstDifference(a: Strategy | null, b: Strategy | null, start: number, to: number): number | null {
  if (a === null || b === null) return a === b ? null : start;
  const from = Math.max(start, a.firstDecision);
  if (from >= to) return null;
  if (b.firstDecision > from) return from;
  const [left, right] = [new Uint8Array(to - from), new Uint8Array(to - from)];
  a.signals(from, to, left);
  b.signals(from, to, right);
  const at = left.findIndex((signal, i) => signal !== right[i]);
  return at < 0 ? null : from + at;
}

/** Time of the first bar after which a trader would have wanted, or held, something else; null where there is none. */
function auditTrader(input: AuditInput, { bars, times, decider, length }: Audit, ends: readonly number[]): number | null {
  const run = createRunSimulation({ ...input, bars, decider });
  for (const end of ends) {
    run.advance(Math.max(run.bar, end + 1 - length));
    if (run.ended !== null) return null;
    const state = run.state();
    const known = bars.map((each) => beginning(each, times[end]!));
    const start = (of: readonly Bars[]) => createRunSimulation({ ...input, bars: of, decider: input.prepare(of), state });
    const anew = start(known);
    run.advance(end + 1);
    anew.advance(end + 1);
    if (wanted(run) === wanted(anew)) continue;
    const [whole, part] = [start(bars), start(known)];
    do {
      whole.advance(whole.bar + 1);
      part.advance(part.bar + 1);
    } while (whole.bar <= end && wanted(whole) === wanted(part));
    return times[whole.bar - 1]!;
  }
  return null;
}

/** All that is held and asked for. Only the shorter run knows that its data have ended. */
function wanted(run: RunSimulation): string {
  return JSON.stringify({ ...run.state().of, ended: null });
}

/** A copy, so that a module finds no later bars behind the columns. */
export function head(bars: Bars, until: number): Bars {
  const rows = rowsUntil(bars.ts, until);
  return withColumns(bars, (column) => column.slice(0, rows));
}

/** New views, so that nothing that was computed from more bars is taken for theirs; the bars themselves where none are left out. */
function beginning(bars: Bars, until: number): Bars {
  const rows = rowsUntil(bars.ts, until);
  return rows === bars.ts.length ? bars : withColumns(bars, (column) => column.subarray(0, rows));
}

function withColumns(bars: Bars, of: (column: Float64Array) => Float64Array): Bars {
  const { ts, open, high, low, close, volume, extra } = bars;
  return {
    ...bars,
    ts: of(ts),
    open: of(open),
    high: of(high),
    low: of(low),
    close: of(close),
    volume: of(volume),
    ...(extra && { extra: Object.fromEntries(Object.entries(extra).map(([name, column]) => [name, of(column)])) }),
  };
}

/** Halves the rest at each step: going through millions of bars would take longer than all else of an audit. */
function rowsUntil(ts: Float64Array, until: number): number {
  let [low, high] = [0, ts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ts[middle]! <= until) low = middle + 1;
    else high = middle;
  }
  return low;
}
