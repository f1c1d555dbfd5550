import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { uploadNameOf } from '../../market-data/uploads/owners.ts';
import { SourceInfo, SymbolInfo } from '../../shared/dataset.ts';
import { HoldfastError } from '../../shared/errors.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { problems } from '../problems.ts';

/** Where bars come from. */
export function datasets({ marketData, store }: ApiDependencies) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['catalog'];

    const list = { tags, summary: 'Sources of bars, and your own uploads', response: { 200: z.object({ items: z.array(SourceInfo) }) } };
    app.get('/datasets', { schema: list }, async ({ owner }) => ({ items: await marketData.of(owner).sources() }));

    const params = z.object({ source: z.string() });
    const response = { 200: z.object({ items: z.array(SymbolInfo) }), ...problems(404) };
    const symbols = { tags, summary: 'Symbols of a source and their coverage', params, response };
    app.get('/datasets/:source/symbols', { schema: symbols }, async ({ owner, params: { source } }) => ({
      items: await marketData.of(owner).symbols(source),
    }));

    const remove = {
      tags,
      summary: 'Remove an upload; runs that were made with it stay',
      params,
      response: { 204: z.null(), ...problems(404) },
    };
    app.delete('/datasets/:source', { schema: remove }, async ({ owner, params: { source } }, reply) => {
      const name = uploadNameOf(source);
      if (name === null || !(await store.removeUpload(owner, name)))
        throw new HoldfastError('not_found', `"${source}" is not an upload of yours. GET /v1/datasets lists them as "upload:NAME".`);
      return reply.code(204).send(null);
    });
  };
}
