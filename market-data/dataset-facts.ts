import type { Bars, CorporateActions, Dataset, Membership } from '../shared/bars.ts';
import type { QualityReport } from '../shared/data-quality.ts';

/** What a dataset holds beside its bars, as text for the metadata of a table: an action on a day without a bar has no row to stand in. */
export type Facts = Map<string, string>;

/** Name in the metadata → splits and dividends of each symbol, sorted by time: `{"MSFT": {"splits": [[ts, ratio]], "dividends": [[ts, amount]]}}`. */
const ACTIONS = 'actions';
/** Name in the metadata → stretches of time in ms in which each symbol may be held: `{"MSFT": [[from, to]]}`, null for no end. */
const MEMBERSHIP = 'membership';
/** Name in the metadata → {@link QualityReport}. */
const QUALITY = 'quality';
/** Name in the metadata → `[[from, offset]]`, both in ms: from then on local time is UTC + offset. */
const ZONE = 'zone';

type Pairs = [number, number][];
type StoredActions = Record<string, { splits: Pairs; dividends: Pairs }>;

/** Empty for plain bars. */
export function actionFacts(instruments: readonly Bars[]): Facts {
  const entries = instruments.flatMap(({ symbol, actions }) => (actions === undefined ? [] : [[symbol, toPairs(actions)] as const]));
  return new Map(entries.length > 0 ? [[ACTIONS, JSON.stringify(Object.fromEntries(entries))]] : []);
}

/** Empty where every symbol may be held at all times. */
export function membershipFacts(instruments: readonly Bars[]): Facts {
  const entries = instruments.flatMap(({ symbol, membership }) =>
    membership === undefined ? [] : [[symbol, Array.from(membership.from, (from, i) => [from, finite(membership.to[i]!)])] as const],
  );
  return new Map(entries.length > 0 ? [[MEMBERSHIP, JSON.stringify(Object.fromEntries(entries))]] : []);
}

function finite(end: number): number | null {
  return end === Infinity ? null : end;
}

export function membershipIn(facts: Facts): Map<string, Membership> {
  const stored = JSON.parse(facts.get(MEMBERSHIP) ?? '{}') as Record<string, [number, number | null][]>;
  return new Map(
    Object.entries(stored).map(([symbol, stretches]) => [
      symbol,
      { from: Float64Array.from(stretches, ([from]) => from), to: Float64Array.from(stretches, ([, to]) => to ?? Infinity) },
    ]),
  );
}

/** Empty where nobody looked. */
export function qualityFacts(quality: QualityReport | undefined): Facts {
  return new Map(quality === undefined ? [] : [[QUALITY, JSON.stringify(quality)]]);
}

export function qualityIn(facts: Facts): QualityReport | undefined {
  const stored = facts.get(QUALITY);
  return stored === undefined ? undefined : (JSON.parse(stored) as QualityReport);
}

/** Empty for UTC. */
export function zoneFacts(zone: Dataset['zone']): Facts {
  return new Map(zone === undefined ? [] : [[ZONE, JSON.stringify(zip(zone.from, zone.offset))]]);
}

export function actionsIn(facts: Facts): Map<string, CorporateActions> {
  const stored = JSON.parse(facts.get(ACTIONS) ?? '{}') as StoredActions;
  return new Map(
    Object.entries(stored).map(([symbol, { splits, dividends }]) => [
      symbol,
      {
        splits: { ts: column(splits, 0), ratio: column(splits, 1) },
        dividends: { ts: column(dividends, 0), amount: column(dividends, 1) },
      },
    ]),
  );
}

export function zoneIn(facts: Facts): Dataset['zone'] {
  const stored = facts.get(ZONE);
  if (stored === undefined) return undefined;
  const pairs = JSON.parse(stored) as Pairs;
  return { from: column(pairs, 0), offset: column(pairs, 1) };
}

function toPairs({ splits, dividends }: CorporateActions): StoredActions[string] {
  return { splits: zip(splits.ts, splits.ratio), dividends: zip(dividends.ts, dividends.amount) };
}

function zip(first: Float64Array, second: Float64Array): Pairs {
  return Array.from(first, (value, i) => [value, second[i]!]);
}

function column(pairs: Pairs, index: 0 | 1): Float64Array {
  return Float64Array.from(pairs, (pair) => pair[index]);
}
