import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { GoogleAuth } from 'google-auth-library';
import * as z from 'zod';
import { isMissingObject, type Bucket } from './bucket.ts';
import { signGcsUrl } from './gcs-signed-url.ts';

const SCOPE = 'https://www.googleapis.com/auth/devstorage.read_write';
const GOOGLE = 'https://storage.googleapis.com';

export interface GcsOptions {
  /** Of a server that is not Google's and takes anyone, as STORAGE_EMULATOR_HOST says; Google's without. */
  endpoint?: string;
  /** File of a service account's key; without it credentials are looked for where all Google's tools do. */
  keyFile?: string;
}

const Found = z.object({ size: z.coerce.number(), updated: z.iso.datetime() });
const Page = z.object({ items: z.array(Found.extend({ name: z.string() })).default([]), nextPageToken: z.string().optional() });
const Rewrite = z.object({ done: z.boolean(), rewriteToken: z.string().optional() });

/** The library is loaded by whoever has a bucket. */
async function openClient({ endpoint, keyFile }: GcsOptions) {
  const { GoogleAuth: Auth, PassThroughClient } = await import('google-auth-library');
  // The process of a module has an empty environment, and the library takes a file by no other way that it does not warn of.
  if (keyFile !== undefined) process.env['GOOGLE_APPLICATION_CREDENTIALS'] = keyFile;
  const auth = new Auth({ scopes: SCOPE });
  const client: Pick<GoogleAuth, 'request'> = endpoint === undefined ? auth : new PassThroughClient();
  return {
    auth,
    request: <Data>(options: Parameters<GoogleAuth['request']>[0]) =>
      client.request<Data>(options).catch((error: unknown) => {
        throw asNamedError(error);
      }),
  };
}

/**
 * A bucket of Google Cloud Storage by its JSON API, with Application Default Credentials. The storage client of Google is not used, nor what is built on it:
 * it waits forever where a download is cut, and ends the process where one is refused (7.22, tried with Node 24).
 */
export function createGcsBucket(bucket: string, prefix: string, options: GcsOptions = {}): Bucket {
  let opening: ReturnType<typeof openClient> | undefined;
  const open = (): ReturnType<typeof openClient> => (opening ??= openClient(options));
  const root = options.endpoint ?? GOOGLE;
  const place = { open, root, bucket, prefix, objects: `${root}/storage/v1/b/${encodeURIComponent(bucket)}/o` };
  return { ...reading(place), ...writing(place) };
}

interface Place {
  open: () => ReturnType<typeof openClient>;
  root: string;
  bucket: string;
  prefix: string;
  /** Of all objects, by the JSON API. */
  objects: string;
}

function atOf({ objects, prefix }: Place): (key: string) => string {
  return (key) => `${objects}/${encodeURIComponent(prefix + key)}`;
}

function writing(place: Place): Pick<Bucket, 'put' | 'putFile' | 'move' | 'renew' | 'remove'> {
  const { open, root, bucket, prefix } = place;
  const at = atOf(place);

  async function upload(key: string, body: Uint8Array | Readable, bytes: number): Promise<void> {
    await (
      await open()
    ).request({
      url: `${root}/upload/storage/v1/b/${encodeURIComponent(bucket)}/o`,
      method: 'POST',
      params: { uploadType: 'media', name: prefix + key },
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(bytes) },
      data: body instanceof Readable ? body : Readable.from([body]),
    });
  }

  async function remove(key: string): Promise<void> {
    await (await open()).request({ url: at(key), method: 'DELETE', retry: true }).catch(ignoreMissing);
  }

  return {
    put: (key, bytes) => upload(key, bytes, bytes.length),
    putFile: (key, path, bytes) => upload(key, createReadStream(path), bytes),
    async move(from, to) {
      const { request } = await open();
      const url = `${at(from)}/rewriteTo/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(prefix + to)}`;
      for (let token: string | undefined, isDone = false; !isDone;) {
        const { data } = await request({ url, method: 'POST', params: token === undefined ? {} : { rewriteToken: token } });
        ({ done: isDone, rewriteToken: token } = Rewrite.parse(data));
      }
      await remove(from);
    },
    // Any change of what is said of an object makes its time new.
    async renew(key) {
      const data = { metadata: { renewed: new Date().toISOString() } };
      await (await open()).request({ url: at(key), method: 'PATCH', data });
    },
    remove,
  };
}

function reading(place: Place): Pick<Bucket, 'read' | 'stat' | 'list' | 'signedUrl'> {
  const { open, root, bucket, prefix, objects } = place;
  const at = atOf(place);
  return {
    async read(key, range) {
      const headers = range && { range: `bytes=${range.from}-${range.from + range.bytes - 1}` };
      const answer = await (
        await open()
      ).request<AsyncIterable<Uint8Array>>({
        url: at(key),
        params: { alt: 'media' },
        ...(headers && { headers }),
        responseType: 'stream',
        retry: true,
      });
      return answer.data;
    },
    async stat(key) {
      try {
        const { data } = await (await open()).request({ url: at(key), params: { fields: 'size,updated' }, retry: true });
        const { size, updated } = Found.parse(data);
        return { bytes: size, modifiedAt: Date.parse(updated) };
      } catch (error) {
        return ignoreMissing(error);
      }
    },
    async *list() {
      const { request } = await open();
      for (let pageToken: string | undefined, isLast = false; !isLast; isLast = pageToken === undefined) {
        const params = { prefix, fields: 'items(name,size,updated),nextPageToken', ...(pageToken && { pageToken }) };
        const { items, nextPageToken } = Page.parse((await request({ url: objects, params, retry: true })).data);
        for (const { name, size, updated } of items) yield { key: name.slice(prefix.length), bytes: size, modifiedAt: Date.parse(updated) };
        pageToken = nextPageToken;
      }
    },
    async signedUrl(key, { seconds, fileName }) {
      const { auth } = await open();
      const query = { 'response-content-disposition': `attachment; filename="${fileName}"` };
      return signGcsUrl(auth, { root, path: `${bucket}/${prefix}${key}`, seconds, query, now: new Date() });
    },
  };
}

function ignoreMissing(error: unknown): null {
  if (isMissingObject(error)) return null;
  throw error;
}

const NAMES: Readonly<Record<number, string>> = { 401: 'AccessDenied', 403: 'AccessDenied', 404: 'NoSuchKey', 416: 'InvalidRange' };

/** The error of a request under the name that S3 has for it, so that both kinds of bucket are told the same. */
function asNamedError(error: unknown): unknown {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return error;
  const isBucketGone = error.status === 404 && /bucket/i.test(error.message);
  const name = isBucketGone ? 'NoSuchBucket' : (NAMES[error.status] ?? 'StorageError');
  return Object.assign(new Error(error.message, { cause: error }), { name, code: String(error.status) });
}
