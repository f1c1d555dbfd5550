import type { FastifyValidationResult } from 'fastify/types/schema.js';
import type * as z from 'zod';
import { HoldfastError } from '../shared/errors.ts';
import { faultsOf } from '../shared/faults.ts';

interface Part {
  schema: unknown;
  httpPart?: string;
}

/** Checks a part of a request against its zod schema: `invalid_request` with every fault. */
export function validateRequest({ schema }: Part): FastifyValidationResult {
  return (data) => {
    const parsed = (schema as z.ZodType).safeParse(data);
    if (parsed.success) return { value: parsed.data };
    const faults = faultsOf(parsed.error);
    return { error: new HoldfastError('invalid_request', 'Correct what "errors" lists and send the request again.', { faults }) };
  };
}

/** As {@link validateRequest}, for routes whose handler checks the body, since there is more to check than its schema. */
export function validateAllButBody(part: Part): FastifyValidationResult {
  return part.httpPart === 'body' ? (data) => ({ value: data }) : validateRequest(part);
}
