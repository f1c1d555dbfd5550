import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { HoldfastError } from '../shared/errors.ts';

/** Refuses with `overloaded` as soon as the process gets to its work so late, before more is taken on; its health can be asked for all the same. */
export async function refuseOverload(app: FastifyInstance, latestMs: number): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay: latestMs,
    pressureHandler: async ({ url }) => {
      if (url.startsWith('/v1'))
        throw new HoldfastError('overloaded', 'More is asked of this service than it can do. Try again in a moment.');
    },
  });
}
