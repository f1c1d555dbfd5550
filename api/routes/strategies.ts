import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { HoldfastError } from '../../shared/errors.ts';
import { StrategyInfo } from '../../shared/strategy.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { problems } from '../problems.ts';

/** What can be run. */
export function strategies({ strategies: catalog }: ApiDependencies) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['catalog'];

    const list = { tags, summary: 'Strategies with their parameters', response: { 200: z.object({ items: z.array(StrategyInfo) }) } };
    app.get('/strategies', { schema: list }, async () => ({ items: await catalog.list() }));

    const params = z.object({ name: z.string() });
    const one = { tags, summary: 'One strategy', params, response: { 200: StrategyInfo, ...problems(404) } };
    app.get('/strategies/:name', { schema: one }, async (request) => {
      const { name } = request.params;
      const info = await catalog.find(name);
      if (!info) throw new HoldfastError('not_found', `There is no strategy "${name}". GET /v1/strategies lists them.`);
      return info;
    });
  };
}
