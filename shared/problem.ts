import * as z from 'zod';
import { RuleFault } from './rules.ts';

/** RFC 9457 problem details, the body of every error answer (`application/problem+json`). */
export const Problem = z.object({
  type: z.string().describe('Address of the documentation of this code'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What happened and what to do'),
  code: z.string().describe('Stable, for programs'),
  errors: z.array(RuleFault).describe('Every fault in the input at once'),
});
export type Problem = z.infer<typeof Problem>;
