import type { Bars } from '../shared/bars.ts';
import { HoldfastError, type Fault } from '../shared/errors.ts';
import type { AccountSpec, InstrumentSpec } from '../shared/spec.ts';

/** How a symbol is traded, with every default filled in. */
export interface Instrument {
  multiplier: number;
  /** Step of the price; 0 for any price. */
  tickSize: number;
  /** Step of the size; 0 for any size. */
  step: number;
  minimumSize: number;
  tradable: boolean;
  /** Where the rate into the account's currency comes from; null where none is needed. */
  rate: { symbol: number; inverse: boolean } | null;
}

export type InstrumentSpecs = Readonly<Record<string, InstrumentSpec>>;

/** A share in the account's currency: what a symbol without an entry in `data.instruments` is. */
export function plainInstrument(account: Pick<AccountSpec, 'fractional'>): Instrument {
  return { multiplier: 1, tickSize: 0, step: account.fractional ? 0 : 1, minimumSize: 0, tradable: true, rate: null };
}

/** The instruments of a run, in the order of the dataset. Throws `invalid_spec` with every currency pair that is missing. */
export function resolveInstruments(bars: readonly Bars[], account: AccountSpec, specs: InstrumentSpecs = {}): Instrument[] {
  const faults: Fault[] = [];
  const instruments = bars.map(({ symbol }) => {
    const plain = plainInstrument(account);
    const spec = specs[symbol];
    if (spec === undefined) return plain;
    const { multiplier, minimumSize, tradable } = spec;
    const rate = findRate(bars, spec.currency ?? account.currency, account.currency);
    if (rate === undefined)
      faults.push({ path: `data.instruments.${symbol}.currency`, message: missingPair(spec.currency, account.currency) });
    return { multiplier, minimumSize, tradable, tickSize: spec.tickSize ?? 0, step: spec.lotSize ?? plain.step, rate: rate ?? null };
  });
  if (faults.length > 0) {
    const list = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
    throw new HoldfastError('invalid_spec', `Money cannot be converted; correct ${list}`, { faults });
  }
  return instruments;
}

function findRate(bars: readonly Bars[], from: string, to: string): Instrument['rate'] | undefined {
  if (from === to) return null;
  const direct = bars.findIndex(({ symbol }) => symbol === from + to);
  if (direct >= 0) return { symbol: direct, inverse: false };
  const inverse = bars.findIndex(({ symbol }) => symbol === to + from);
  return inverse < 0 ? undefined : { symbol: inverse, inverse: true };
}

function missingPair(from: string | undefined, to: string): string {
  return `needs the bars of ${from}${to} or ${to}${from} among data.symbols`;
}

/** Guards a division by the step against its own rounding: 0.3 / 0.1 is 2.9999999999999996. Far below any step that is traded. */
const STEP_ROUNDING = 1e-9;

/** The size cut to whole steps. */
export function wholeSteps(units: number, step: number): number {
  if (step === 0) return units;
  return step === 1 ? Math.floor(units) : timesStep(Math.floor(units / step + STEP_ROUNDING), step);
}

/** The price on the grid of `tickSize`: the next step up (`direction` 1) or down (-1), or the price itself where it lies on one. */
export function onTick(price: number, tickSize: number, direction: number): number {
  if (tickSize === 0) return price;
  const steps = price / tickSize;
  const rounding = STEP_ROUNDING * Math.max(1, steps);
  return timesStep(direction > 0 ? Math.ceil(steps - rounding) : Math.floor(steps + rounding), tickSize);
}

/** 3 × 0.1 as 3 / 10, so that decimal prices come out as they are written. */
function timesStep(steps: number, step: number): number {
  const perUnit = Math.round(1 / step);
  return Math.abs(perUnit * step - 1) < 1e-12 ? steps / perUnit : steps * step;
}
