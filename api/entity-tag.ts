import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Marks the answer with a version (RFC 9110 §8.8.3). True when the client has it already: the answer is then a 304 without a body.
 */
export function isUnchanged(request: FastifyRequest, reply: FastifyReply, version: number | string): boolean {
  const tag = `"${version}"`;
  reply.header('etag', tag).header('cache-control', 'no-cache');
  const known = request.headers['if-none-match'];
  // If-None-Match compares weakly: a cache may have put W/ before the tag.
  const matches = known === '*' || (known?.split(',').some((each) => each.trim().replace(/^W\//, '') === tag) ?? false);
  if (matches) reply.code(304);
  return matches;
}
