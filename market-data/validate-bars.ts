import { type Bars, type CorporateActions, PRICE_COLUMNS } from '../shared/bars.ts';
import { HoldfastError } from '../shared/errors.ts';
import { LAST_TIME } from './range.ts';

/**
 * Fails with `bad_data` at the first bar that nobody could have traded on: out of order, twice, not a positive price, or a high below a low; and at
 * splits and dividends that cannot be. Extra columns may hold anything.
 */
export function validateBars(instruments: readonly Bars[]): void {
  createBarCheck()(instruments);
}

/** As {@link validateBars}, of bars that come in blocks: those of a block have to open after all that came before. */
export function createBarCheck(): (block: readonly Bars[]) => void {
  const counts: number[] = [];
  let until = -Infinity;
  return (block) => {
    for (const [place, bars] of block.entries()) {
      const before = counts[place] ?? 0;
      if (bars.ts[0]! <= until) throw badBar(bars, 0, { before, flaw: 'is out of order: it comes after a later bar' });
      const bad = firstUnsound(bars);
      if (bad < bars.ts.length) throw badBar(bars, bad, { before, flaw: flawOf(bars, bad) });
      if (bars.actions !== undefined) validateActions(bars.symbol, bars.actions);
      counts[place] = before + bars.ts.length;
    }
    until = Math.max(until, ...block.map(({ ts }) => ts.at(-1) ?? -Infinity));
  };
}

function validateActions(symbol: string, { splits, dividends }: CorporateActions): void {
  const kinds = [
    { name: 'split', ts: splits.ts, values: splits.ratio },
    { name: 'dividend', ts: dividends.ts, values: dividends.amount },
  ];
  for (const { name, ts, values } of kinds) {
    const bad = ts.findIndex((time, i) => !(isTime(time) && (i === 0 || time >= ts[i - 1]!) && values[i]! > 0 && values[i]! < Infinity));
    if (bad < 0) continue;
    const text = `${symbol}, ${name} ${bad} (of ${values[bad]}, at ${ts[bad]} ms) is not a positive number at a time after the one before`;
    throw new HoldfastError('bad_data', `${text}. Correct the data at their source.`);
  }
}

/** A whole number of milliseconds that a `Date` can name. NaN makes this and the next two false. */
function isTime(ts: number): boolean {
  return Math.abs(ts) <= LAST_TIME && Math.floor(ts) === ts;
}

/** Whether a bar has a time that a `Date` can name. */
export function hasTime({ ts }: Bars, i: number): boolean {
  return isTime(ts[i]!);
}

/** Whether prices and volume of a bar can be, each for itself. */
export function hasPrices({ open, high, low, close, volume }: Bars, i: number): boolean {
  return isPrice(open[i]!) && isPrice(high[i]!) && isPrice(low[i]!) && isPrice(close[i]!) && isVolume(volume[i]!);
}

function isPrice(price: number): boolean {
  return price > 0 && price < Infinity;
}

/** Number of the first bar that nobody could have traded on; that of all bars where there is none. */
function firstUnsound({ ts, open, high, low, close, volume }: Bars): number {
  let before = -Infinity;
  for (let i = 0; i < ts.length; i++) {
    const [time, h, l] = [ts[i]!, high[i]!, low[i]!];
    const inside = l > 0 && open[i]! >= l && close[i]! >= l && open[i]! <= h && close[i]! <= h && h < Infinity;
    if (!(inside && time > before && isTime(time) && isVolume(volume[i]!))) return i;
    before = time;
  }
  return ts.length;
}

function isVolume(volume: number): boolean {
  return volume >= 0 && volume < Infinity;
}

/** `before`: how many bars of the symbol came in blocks before. */
function badBar(bars: Bars, i: number, { before, flaw }: { before: number; flaw: string }): HoldfastError {
  const ts = bars.ts[i]!;
  const time = isTime(ts) ? new Date(ts).toISOString() : String(ts);
  const text = `${bars.symbol}, bar ${before + i} (${time}) ${flaw}. Correct the data at their source, leave this range out, or have it repaired (data.quality).`;
  return new HoldfastError('bad_data', text);
}

function flawOf(bars: Bars, i: number): string {
  const { ts, open, high, low, close } = bars;
  if (!isTime(ts[i]!)) return 'has no valid time in whole milliseconds';
  if (i > 0 && bars.ts[i]! === bars.ts[i - 1]!) return 'is there twice';
  if (i > 0 && !(bars.ts[i]! > bars.ts[i - 1]!)) return 'is out of order: it comes after a later bar';
  for (const name of PRICE_COLUMNS) {
    const value = bars[name][i]!;
    const isValid = name === 'volume' ? isVolume(value) : isPrice(value);
    if (!isValid) return `has ${name} ${value}`;
  }
  if (!(high[i]! >= Math.max(open[i]!, close[i]!, low[i]!))) {
    return `has high ${high[i]} below its open ${open[i]}, low ${low[i]} or close ${close[i]}`;
  }
  return `has low ${low[i]} above its open ${open[i]} or close ${close[i]}`;
}
