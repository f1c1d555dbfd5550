import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createScript, type BucketDouble } from './bucket-double.ts';

const PAGE = 2;
export const ACCESS_KEY = 'double-access-key';

/** A test double of the S3 REST API: ListObjectsV2 and GetObject with Range and If-Match, as the API reference describes them. Not for any other use. */
export async function startS3Double(bucketName = 'bars'): Promise<BucketDouble> {
  const objects = new Map<string, Uint8Array>();
  const script = createScript();

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, 'http://double');
    const [, bucket, ...rest] = url.pathname.split('/');
    const key = decodeURIComponent(rest.join('/'));
    const fault = script.take(key, request.headers.range);
    if (fault?.status) return fail(response, fault.status, 'SlowDown');
    if (!(request.headers.authorization ?? '').includes(`Credential=${ACCESS_KEY}/`)) return fail(response, 403, 'AccessDenied');
    if (bucket !== bucketName) return fail(response, 404, 'NoSuchBucket');
    if (key === '') return list(response, url.searchParams);
    send(response, { body: objects.get(key), headers: request.headers, cutAt: fault?.cutAt });
  }

  function list(response: ServerResponse, query: URLSearchParams): void {
    const after = query.get('continuation-token') ?? '';
    const keys = [...objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after).toSorted();
    const page = keys.slice(0, PAGE);
    const contents = page.map((key) => {
      const body = objects.get(key)!;
      return `<Contents><Key>${escaped(key)}</Key><ETag>${escaped(etagOf(body))}</ETag><Size>${body.length}</Size></Contents>`;
    });
    const next = keys.length > PAGE ? `<NextContinuationToken>${escaped(page.at(-1)!)}</NextContinuationToken>` : '';
    const text = `<ListBucketResult><Name>${bucketName}</Name><IsTruncated>${keys.length > PAGE}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`;
    response.writeHead(200, { 'content-type': 'application/xml' }).end(`<?xml version="1.0" encoding="UTF-8"?>${text}`);
  }

  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    path: (prefix) => `s3://${bucketName}/${prefix}`,
    put: (key, body) => void objects.set(key, body),
    log: script.log,
    fail: script.fail,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Sent {
  body: Uint8Array | undefined;
  headers: IncomingMessage['headers'];
  cutAt: number | undefined;
}

function send(response: ServerResponse, { body, headers, cutAt }: Sent): void {
  if (body === undefined) return fail(response, 404, 'NoSuchKey');
  if (headers['if-match'] !== undefined && headers['if-match'] !== etagOf(body)) return fail(response, 412, 'PreconditionFailed');
  const [, from = '0', to = String(body.length - 1)] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
  const part = body.subarray(Number(from), Number(to) + 1);
  response.writeHead(206, { 'content-length': part.length, etag: etagOf(body), 'content-range': `bytes ${from}-${to}/${body.length}` });
  if (cutAt === undefined) return void response.end(part);
  response.write(part.subarray(0, cutAt), () => response.destroy());
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}, says the double</Message></Error>`);
}

function etagOf(body: Uint8Array): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
