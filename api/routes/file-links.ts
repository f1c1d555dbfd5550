import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { FileLinks, FileLinksSpec, SIGNED_FILES, STORED_SERIES } from '../../shared/file-links.ts';
import { runPathOf } from '../../shared/names.ts';
import type { StoredResult } from '../../shared/run.ts';
import type { LinkSigner } from '../auth/signed-links.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { findRun, resultOf, RunParams } from '../find-run.ts';
import { problems } from '../problems.ts';
import { isoTime } from '../run-resource.ts';

const MINUTE_MS = 60_000;

/** Addresses of a run's files that need no token and end by themselves: for a program that fetches them, or for somebody else. */
export function fileLinks({ store, artifacts }: ApiDependencies, { links, serviceUrl }: { links: LinkSigner; serviceUrl: string }) {
  async function storedAt(runId: string, result: StoredResult, seconds: number): Promise<FileLinks['stored']> {
    const found = await Promise.all(
      STORED_SERIES.map(async (name) => {
        const ref = result[name];
        const url = ref && (await artifacts.signedUrl(ref, { seconds, fileName: `${runId}-${name}.arrow` }));
        return url ? [{ name, url, bytes: ref.bytes, rows: ref.rows, sha256: ref.sha256 }] : [];
      }),
    );
    return found.flat();
  }

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const make = {
      tags: ['backtests'],
      summary: 'Links to the files of a finished run that work without a token, for a while',
      description:
        'Each link is good for its one file. Where files lie in object storage, "stored" has links to the series as they are kept there: Arrow files of numbers, which do not pass through this service.',
      params: RunParams,
      body: FileLinksSpec,
      response: { 201: FileLinks, ...problems(400, 404, 409, 413, 415, 422) },
    };
    app.post('/backtests/:id/links', { schema: make }, async (request, reply) => {
      const run = await findRun(store, request);
      const result = resultOf(run);
      const { expiresInMinutes } = request.body;
      const expiresAt = Date.now() + expiresInMinutes * MINUTE_MS;
      const signed = (address: string): string => serviceUrl + links.sign(run.owner, `${runPathOf(run.id)}/${address}`, expiresAt);
      const files = SIGNED_FILES.map(({ name, address }) => ({ name, url: signed(address) }));
      const stored = await storedAt(run.id, result, expiresInMinutes * 60);
      reply.code(201).header('cache-control', 'no-store');
      return { expiresAt: isoTime(Math.floor(expiresAt / 1_000) * 1_000), files, stored };
    });
  };
}
