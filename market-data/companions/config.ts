import * as z from 'zod';

/**
 * Tables beside the bars of a source. `place` says where such a table lies, `column` what a name of a column may be. Splits and dividends may be in one
 * table: a row without a value is none.
 */
export function companionTables<Place extends z.ZodRawShape>(place: Place, column: z.ZodType<string>) {
  const named = (name: string) => column.default(name);
  const splits = z.strictObject({ symbol: named('symbol'), date: named('date'), ratio: named('ratio') });
  const dividends = z.strictObject({ symbol: named('symbol'), date: named('date'), amount: named('amount') });
  const members = z.strictObject({ symbol: named('symbol'), from: named('from'), to: named('to') });
  const only = z.strictObject({ column, value: z.string().min(1).max(300) }).optional();
  const Universe = z.strictObject({
    ...place,
    columns: members.prefault({}).describe('`to` is the first day on which it is no member any more; empty for one that still is'),
    only: only.describe('Of a table with several universes: the rows with this value'),
  });
  return {
    splits: z
      .strictObject({ ...place, columns: splits.prefault({}).describe('`ratio` is new shares for an old one: 4 for 4:1') })
      .optional(),
    dividends: z
      .strictObject({ ...place, columns: dividends.prefault({}).describe('`date` is the ex date, `amount` money for a share of that day') })
      .optional(),
    universes: z
      .record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'is not a name: letters, digits, . _ and - only'), Universe)
      .optional(),
  };
}
