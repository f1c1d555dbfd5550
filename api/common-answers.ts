import type { FastifySchema } from 'fastify';
import { problems } from './problems.ts';

const WITH_BODY = ['POST', 'PUT', 'PATCH'];

/** What a route says of itself in the document, and beside it what any request of its kind may be answered. */
export function withCommonAnswers(schema: FastifySchema, { url, methods }: { url: string; methods: readonly string[] }): FastifySchema {
  if (!url.startsWith('/v1') || schema.hide === true) return schema;
  const takesBody = methods.some((method) => WITH_BODY.includes(method));
  const isChecked =
    schema.params !== undefined || schema.querystring !== undefined || schema.body !== undefined || schema.headers !== undefined;
  const common = problems(400, 401, 403, ...(takesBody ? ([413, 415] as const) : []), ...(isChecked ? ([422] as const) : []), 429, 503);
  return { ...schema, response: { ...common, ...(schema.response as object) } };
}

/** How to come in, beside the header that all routes take. */
export function securityOf({ url, methods }: { url: string; methods: readonly string[] }): object {
  if (!url.startsWith('/v1') || url === '/v1/config') return { security: [] };
  const reads = methods.includes('GET');
  const link = reads && url.startsWith('/v1/backtests/:id') ? [{ share: [] }] : [];
  const ticket = reads && url.endsWith('/events') ? [{ ticket: [] }] : [];
  return { security: [{ token: [] }, ...link, ...ticket] };
}
