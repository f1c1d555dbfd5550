import type { Fault } from '../shared/errors.ts';
import { needsLastBar, windowOf, type NightTime } from '../shared/scheduled-window.ts';
import type { DataSpec } from '../shared/spec.ts';
import type { BarSource } from './source.ts';

/** Of data, what its window follows from. */
export type WindowedData = Pick<DataSpec, 'source' | 'symbols' | 'from' | 'to' | 'synthetic'>;
export type Windowed = { window: Pick<DataSpec, 'from' | 'to'>; faults: Fault[] };

/** The window of data, which may be counted from a time (`now-5y`) or from the last bar before it (`end-5y`), in absolute moments. */
export async function windowAt(data: WindowedData, time: Omit<NightTime, 'lastBar'>, source: BarSource | undefined): Promise<Windowed> {
  // So many generated bars are the same every night, unless a schedule says from when, or up to when.
  if (data.synthetic !== undefined && data.from === undefined && data.to === undefined) return { window: {}, faults: [] };
  return windowOf(data, { ...time, lastBar: source && needsLastBar(data) ? await lastBarOf(data, source) : null });
}

/** Day of the last bar of what is traded; null where the source does not say. */
async function lastBarOf({ symbols }: WindowedData, source: BarSource): Promise<string | null> {
  const known = await source.symbols();
  const traded = symbols.length > 0 ? known.filter(({ symbol }) => symbols.includes(symbol)) : known;
  return traded.reduce<string | null>((last, { to }) => (to !== null && (last === null || to > last) ? to : last), null);
}
