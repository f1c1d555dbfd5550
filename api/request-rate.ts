import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HoldfastError } from '../shared/errors.ts';

const WINDOW_SECONDS = 60;

/** Gives a hook that counts the requests of whoever has signed in, and refuses them with `too_many_requests` beyond a rate. */
export async function limitRequestRate(app: FastifyInstance, perMinute: number) {
  await app.register(rateLimit, { global: false });
  const count = app.createRateLimit({ max: perMinute, timeWindow: WINDOW_SECONDS * 1_000, keyGenerator: keyOf });

  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { by } = request.identity;
    // The sole owner of a service would only stand in their own way.
    if (by === 'embedded' || by === 'api-token') return;
    const counted = await count(request);
    if (counted.isAllowed) return;
    const { max, remaining, ttlInSeconds, isExceeded } = counted;
    // draft-ietf-httpapi-ratelimit-headers-11; the plugin writes the fields of an earlier draft.
    reply.header('ratelimit-policy', `"requests";q=${max};w=${WINDOW_SECONDS}`);
    reply.header('ratelimit', `"requests";r=${remaining};t=${ttlInSeconds}`);
    if (!isExceeded) return;
    reply.header('retry-after', String(ttlInSeconds));
    throw new HoldfastError(
      'too_many_requests',
      `More than ${max} requests came within a minute. Go on in ${ttlInSeconds} s, and more slowly.`,
    );
  };
}

/** Whoever has a link must not use up what its owner may ask. */
function keyOf({ identity }: FastifyRequest): string {
  return identity.by === 'share' || identity.by === 'link' ? `${identity.by} of ${identity.owner}` : identity.owner;
}
