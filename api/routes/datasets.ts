import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { SourceInfo, SymbolInfo } from '../../shared/dataset.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { problems } from '../problems.ts';

/** Where bars come from. */
export function datasets({ marketData }: ApiDependencies) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['catalog'];

    const list = { tags, summary: 'Sources of bars', response: { 200: z.object({ items: z.array(SourceInfo) }) } };
    app.get('/datasets', { schema: list }, async () => ({ items: marketData.sources() }));

    const params = z.object({ source: z.string() });
    const response = { 200: z.object({ items: z.array(SymbolInfo) }), ...problems(404) };
    const symbols = { tags, summary: 'Symbols of a source and their coverage', params, response };
    app.get('/datasets/:source/symbols', { schema: symbols }, async (request) => ({
      items: await marketData.symbols(request.params.source),
    }));
  };
}
