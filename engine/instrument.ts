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
  const symbols = bars.map(({ symbol }) => symbol);
  const faults = currencyFaults(symbols, account, specs);
  if (faults.length > 0) {
    const list = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
    throw new HoldfastError('invalid_spec', `Money cannot be converted; correct ${list}`, { faults });
  }
  return symbols.map((symbol) => {
    const plain = plainInstrument(account);
    const spec = specOf(specs, symbol);
    if (spec === undefined) return plain;
    const { multiplier, minimumSize, tradable } = spec;
    const rate = findRate(symbols, spec.currency ?? account.currency, account.currency) ?? null;
    return { multiplier, minimumSize, tradable, tickSize: spec.tickSize ?? 0, step: spec.lotSize ?? plain.step, rate };
  });
}
/** Every symbol whose money cannot be converted into the account's, since the bars of the pair are not there. */
export function currencyFaults(
  symbols: readonly string[],
  { currency }: Pick<AccountSpec, 'currency'>,
  specs: InstrumentSpecs = {},
): Fault[] {
  return symbols.flatMap((symbol) => {
    const own = specOf(specs, symbol)?.currency ?? currency;
    if (findRate(symbols, own, currency) !== undefined) return [];
    return [
      {
        path: `data.instruments.${symbol}.currency`,
        message: `needs the bars of ${own}${currency} or ${currency}${own} among data.symbols`,
      },
    ];
  });
}

/** A symbol may be called "constructor", which every object has. */
function specOf(specs: InstrumentSpecs, symbol: string): InstrumentSpec | undefined {
  return Object.hasOwn(specs, symbol) ? specs[symbol] : undefined;
}

function findRate(symbols: readonly string[], from: string, to: string): Instrument['rate'] | undefined {
  if (from === to) return null;
  const direct = symbols.indexOf(from + to);
  if (direct >= 0) return { symbol: direct, inverse: false };
  const inverse = symbols.indexOf(to + from);
  return inverse < 0 ? undefined : { symbol: inverse, inverse: true };
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
