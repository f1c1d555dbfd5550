import * as z from 'zod';
import { Moment } from '../shared/spec.ts';
import { Format } from './table-answer.ts';

/** A part of a series, in one of its formats. */
export const RangeQuery = z.strictObject({ format: Format, from: Moment.optional(), to: Moment.optional() });
/** As {@link RangeQuery}, thinned for a chart. */
export const CurveQuery = RangeQuery.extend({
  points: z.coerce.number().int().min(4).max(10_000).optional().describe('At most so many points; peaks and falls are kept'),
});
