import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { HoldfastError } from '../shared/errors.ts';

/** So late, or at no time at all (infinitely), is a process that had no turn: the machine slept, or it was stopped. That is over by now. */
const ASLEEP_MS = 30_000;

/** Refuses with `overloaded` as soon as the process gets to its work so late, before more is taken on; its health can be asked for all the same. */
export async function refuseOverload(app: FastifyInstance, latestMs: number): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay: latestMs,
    pressureHandler: async ({ url }, _reply, _type, lateMs = Infinity) => {
      if (lateMs > ASLEEP_MS || !url.startsWith('/v1')) return;
      throw new HoldfastError('overloaded', 'More is asked of this service than it can do. Try again in a moment.');
    },
  });
}
