import type { Fault } from '../shared/errors.ts';
import { needsLastBar, windowOf, type NightTime } from '../shared/scheduled-window.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import type { BarSource } from './source.ts';

export interface WindowedSpec {
  spec: BacktestSpec;
  faults: Fault[];
}

/** A spec whose window may be counted from a time (`now-5y`) or from the last bar before it (`end-5y`), with that window in absolute moments. */
export async function windowAt(spec: BacktestSpec, time: Omit<NightTime, 'lastBar'>, source: BarSource | undefined): Promise<WindowedSpec> {
  // Generated bars have no window.
  if (spec.data.synthetic !== undefined) return { spec, faults: [] };
  const lastBar = source && needsLastBar(spec.data) ? await lastBarOf(spec, source) : null;
  const { window, faults } = windowOf(spec.data, { ...time, lastBar });
  const { from: _from, to: _to, ...others } = spec.data;
  return { spec: { ...spec, data: { ...others, ...window } }, faults };
}

/** Day of the last bar of what is traded. */
async function lastBarOf({ data }: BacktestSpec, source: BarSource): Promise<string | null> {
  const known = await source.symbols();
  const traded = data.symbols.length > 0 ? known.filter(({ symbol }) => data.symbols.includes(symbol)) : known;
  return traded.reduce<string | null>((last, { to }) => (to !== null && (last === null || to > last) ? to : last), null);
}
