import type { CorporateActions } from '../../shared/bars.ts';
import { HoldfastError } from '../../shared/errors.ts';

/** A row of a table of splits (`value`: new shares for an old one) or dividends (money for a share). */
export interface ActionRow {
  symbol: string;
  /** The ex date: midnight UTC, in ms. */
  day: number;
  value: number;
}

export type ActionKind = 'splits' | 'dividends';

/**
 * Splits and dividends of each symbol that has any. Rows whose value is 0 are none. Fails with `bad_data` and every row that cannot be: without a
 * date, with a value below 0, or a second split of a day, which would count twice.
 */
export function actionsOf(source: string, rows: Readonly<Record<ActionKind, readonly ActionRow[]>>): Map<string, CorporateActions> {
  const [splits, dividends] = (['splits', 'dividends'] as const).map((kind) => rows[kind].filter(({ value }) => value !== 0)) as [
    ActionRow[],
    ActionRow[],
  ];
  const wrong = [...faultsOf('split', splits), ...repeated(splits), ...faultsOf('dividend', dividends)];
  if (wrong.length > 0) {
    const shown = wrong.slice(0, MOST_SHOWN).join('; ');
    const more = wrong.length > MOST_SHOWN ? `; and ${wrong.length - MOST_SHOWN} more` : '';
    throw new HoldfastError('bad_data', `The tables of the source "${source}" have rows that cannot be: ${shown}${more}. Correct them.`);
  }
  const symbols = new Set([...splits, ...dividends].map(({ symbol }) => symbol));
  const [splitsOf, dividendsOf] = [splits, dividends].map((each) => Map.groupBy(each, ({ symbol }) => symbol));
  return new Map(
    [...symbols].map((symbol) => {
      const [split, paid] = [inOrder(splitsOf!.get(symbol)), inOrder(dividendsOf!.get(symbol))];
      return [symbol, { splits: { ts: split.ts, ratio: split.values }, dividends: { ts: paid.ts, amount: paid.values } }];
    }),
  );
}

const MOST_SHOWN = 5;

function faultsOf(what: string, rows: readonly ActionRow[]): string[] {
  return rows
    .filter(({ day, value }) => !(Number.isFinite(day) && Number.isFinite(value) && value > 0))
    .map(({ symbol, day, value }) => `a ${what} of ${symbol} on ${dayText(day)} of ${value}`);
}

function repeated(splits: readonly ActionRow[]): string[] {
  const seen = new Set<string>();
  return splits.flatMap(({ symbol, day }) => {
    const key = `${symbol} ${day}`;
    if (seen.has(key)) return [`two splits of ${symbol} on ${dayText(day)}`];
    seen.add(key);
    return [];
  });
}

function dayText(day: number): string {
  return Number.isFinite(day) ? new Date(day).toISOString().slice(0, 10) : 'no day';
}

function inOrder(rows: readonly ActionRow[] = []): { ts: Float64Array; values: Float64Array } {
  const sorted = rows.toSorted((a, b) => a.day - b.day);
  return { ts: Float64Array.from(sorted, ({ day }) => day), values: Float64Array.from(sorted, ({ value }) => value) };
}
