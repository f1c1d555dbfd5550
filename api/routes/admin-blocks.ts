import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { HoldfastError } from '../../shared/errors.ts';
import { shortText } from '../../shared/short-text.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { problems } from '../problems.ts';
import { isoTime } from '../run-resource.ts';

const KINDS = { owner: 'owners', strategy: 'strategies' } as const;

const BlockInfo = z.object({
  kind: z.enum(['owner', 'strategy']),
  name: z.string(),
  reason: z.string(),
  by: z.string().describe('The operator'),
  at: z.iso.datetime(),
});
const Name = z.object({ name: z.string().min(1).max(200) });
const Reason = z.strictObject({ reason: shortText(500).describe('Shown to whoever is refused') });

const tags = ['operators'];
const config = { access: 'admin' } as const;

/** What operators forbid: an owner to call the service at all, or a strategy to be submitted. Runs that were accepted go on; cancel them beside. */
export function adminBlocks({ store, blocks }: ApiDependencies) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    const list = { tags, summary: 'What is disabled', response: { 200: z.object({ items: z.array(BlockInfo) }), ...problems(403) } };
    app.get('/admin/blocks', { schema: list, config }, async () => ({
      items: (await store.listBlocks()).map((block) => ({ ...block, at: isoTime(block.at) })),
    }));

    for (const kind of ['owner', 'strategy'] as const) {
      const disable = {
        tags,
        summary: `Disable ${kind === 'owner' ? 'an owner' : 'a strategy'}`,
        params: Name,
        body: Reason,
        response: { 200: BlockInfo, ...problems(400, 403, 413, 415, 422) },
      };
      app.post(
        `/admin/${KINDS[kind]}/:name/disable`,
        { schema: disable, config },
        async ({ params: { name }, body: { reason }, owner: by }) => {
          const block = { kind, name, reason, by, at: Date.now() };
          await store.block(block);
          blocks.forget();
          return { ...block, at: isoTime(block.at) };
        },
      );

      const enable = {
        tags,
        summary: `Enable ${kind === 'owner' ? 'an owner' : 'a strategy'} again`,
        params: Name,
        response: { 204: z.undefined(), ...problems(403, 404, 422) },
      };
      app.post(`/admin/${KINDS[kind]}/:name/enable`, { schema: enable, config }, async ({ params: { name } }, reply) => {
        if (!(await store.unblock(kind, name))) throw new HoldfastError('not_found', `The ${kind} "${name}" is not disabled.`);
        blocks.forget();
        return reply.code(204).send();
      });
    }
  };
}
