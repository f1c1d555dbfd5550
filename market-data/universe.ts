import { MEMBER, type Bars, type Membership } from '../shared/bars.ts';
import { HoldfastError, type Fault } from '../shared/errors.ts';
import type { BacktestSpec, DataSpec } from '../shared/spec.ts';
import { membersAsBars } from './companions/days.ts';
import { didYouMean } from './did-you-mean.ts';
import { planFrames } from './frames.ts';
import { timeRange } from './range.ts';
import type { BarSource, UniverseMember } from './source.ts';
import type { BarBlock } from './time-chunks.ts';

/** What is wrong with the name of a universe. */
export function universeFaults(source: BarSource, { universe }: DataSpec): Fault[] {
  if (universe === undefined) return [];
  const { universes = [], title } = source.describe();
  if (universes.includes(universe)) return [];
  const message =
    universes.length === 0 ? `"${title}" has no universes: name symbols` : `"${universe}" is not known. ${didYouMean(universe, universes)}`;
  return [{ path: 'data.universe', message }];
}

export function noMembers({ universe }: DataSpec): Fault {
  return { path: 'data.universe', message: `"${universe}" has no members between "from" and "to": choose another range` };
}

/** The spec with the members of its universe as symbols, where it names none and the source knows the universe. */
export async function withMembers(spec: BacktestSpec, source: BarSource | undefined): Promise<BacktestSpec> {
  const { data } = spec;
  if (source === undefined || data.universe === undefined || data.symbols.length > 0) return spec;
  if (universeFaults(source, data).length > 0) return spec;
  const info = source.describe();
  const days = await source.universe!(data.universe, new AbortController().signal);
  const members = membersAsBars(days, { timeframe: data.timeframe, timeZone: data.timeZone ?? info.timeZone });
  const symbols = membersIn(members, planFrames(data, info).request);
  return { ...spec, data: { ...data, symbols } };
}

/** Everyone who was a member at some time of the range, in the order of their names. */
export function membersIn(members: readonly UniverseMember[], data: Pick<DataSpec, 'from' | 'to'>): string[] {
  const { start, end } = timeRange(data);
  const within = members.filter(({ from, to }) => from < end && to > start);
  return [...new Set(within.map(({ symbol }) => symbol))].toSorted((a, b) => (a < b ? -1 : 1));
}

/** The blocks, with the first `traded` symbols knowing when they may be held. */
export async function* withMembership(
  blocks: AsyncIterable<BarBlock>,
  { members, traded }: { members: readonly UniverseMember[]; traded: number },
): AsyncGenerator<BarBlock> {
  const known = Map.groupBy(members, ({ symbol }) => symbol);
  const memberships = new Map([...known].map(([symbol, own]) => [symbol, membershipOf(own)]));
  for await (const block of blocks) {
    yield block.map((bars, place) => (place < traded ? marked(bars, memberships.get(bars.symbol) ?? NEVER) : bars));
  }
}

const NEVER: Membership = { from: new Float64Array(0), to: new Float64Array(0) };

function marked(bars: Bars, membership: Membership): Bars {
  const { from, to } = membership;
  const member = new Float64Array(bars.ts.length);
  for (let i = 0, next = 0; i < member.length; i++) {
    while (to[next]! <= bars.ts[i]!) next++;
    member[i] = from[next]! <= bars.ts[i]! ? 1 : 0;
  }
  return { ...bars, membership, extra: { ...bars.extra, [MEMBER]: member } };
}

/** Stretches of time that touch or overlap become one. Fails with `bad_data` for one that ends before it begins. */
export function membershipOf(members: readonly UniverseMember[]): Membership {
  const joined: { from: number; to: number }[] = [];
  for (const { symbol, from, to } of members.toSorted((a, b) => a.from - b.from)) {
    if (!(from < to)) {
      const text = `The membership of ${symbol} in the universe ends (${to} ms) before it begins (${from} ms)`;
      throw new HoldfastError('bad_data', `${text}. Correct the data at their source.`);
    }
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return { from: Float64Array.from(joined, ({ from }) => from), to: Float64Array.from(joined, ({ to }) => to) };
}
