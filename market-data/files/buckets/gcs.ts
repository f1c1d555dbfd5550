import * as z from 'zod';
import { ObjectChanged, type Bucket, type BucketPlace } from './bucket.ts';
import { statusOf } from './failure.ts';

const READ_ONLY = 'https://www.googleapis.com/auth/devstorage.read_only';

const Page = z.object({
  items: z.array(z.object({ name: z.string(), size: z.coerce.number(), generation: z.string() })).default([]),
  nextPageToken: z.string().optional(),
});

/**
 * A bucket of Google Cloud Storage by its JSON API, with Application Default Credentials; a server at another endpoint takes anyone. The storage client of
 * Google is not used: version 7.22 waits forever where a download is cut, and ends the process where one is refused (tried with Node 24).
 */
export async function openGcsBucket({ bucket, endpoint }: BucketPlace): Promise<Bucket> {
  const { GoogleAuth, PassThroughClient } = await import('google-auth-library');
  const client = endpoint === undefined ? new GoogleAuth({ scopes: READ_ONLY }) : new PassThroughClient();
  const objects = `${endpoint ?? 'https://storage.googleapis.com'}/storage/v1/b/${encodeURIComponent(bucket)}/o`;
  return {
    async *list(prefix) {
      for (let pageToken: string | undefined, isLast = false; !isLast; isLast = pageToken === undefined) {
        const params = { prefix, fields: 'items(name,size,generation),nextPageToken', ...(pageToken && { pageToken }) };
        const { items, nextPageToken } = Page.parse((await client.request({ url: objects, params, retry: true })).data);
        for (const { name, size, generation } of items) yield { name, bytes: size, version: generation };
        pageToken = nextPageToken;
      }
    },
    async *read({ name, version }, { from, to }, signal) {
      const options = {
        url: `${objects}/${encodeURIComponent(name)}`,
        params: { alt: 'media', generation: version },
        headers: { range: `bytes=${from}-${to - 1}` },
        responseType: 'stream',
        retry: true,
        ...(signal && { signal }),
      } as const;
      const answer = await client.request<AsyncIterable<Uint8Array>>(options).catch((error: unknown) => {
        throw statusOf(error) === 404 ? new ObjectChanged(`${name} was changed`, { cause: error }) : error;
      });
      yield* answer.data;
    },
  };
}
