import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createScript, type BucketDouble } from './bucket-double.ts';

const PAGE = 2;

interface ObjectDouble {
  body: Uint8Array;
  generation: number;
}

/** A test double of the JSON API of Google Cloud Storage: objects.list and objects.get with alt=media, generation and Range. Not for any other use. */
export async function startGcsDouble(bucketName = 'bars'): Promise<BucketDouble> {
  const objects = new Map<string, ObjectDouble>();
  const script = createScript();
  let generations = 0;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, 'http://double');
    const [, bucket, name] = /^\/storage\/v1\/b\/([^/]+)\/o(?:\/(.+))?$/.exec(url.pathname) ?? [];
    const key = decodeURIComponent(name ?? '');
    const fault = script.take(key, request.headers.range);
    if (fault?.status) return fail(response, fault.status, 'slow down');
    if (bucket !== bucketName) return fail(response, 404, 'The specified bucket does not exist.');
    if (key === '') return list(response, url.searchParams);
    const object = objects.get(key);
    const isThere = url.searchParams.get('generation') === String(object?.generation);
    if (object === undefined || !isThere) return fail(response, 404, `No such object: ${name}`);
    send(response, object, { range: request.headers.range ?? '', cutAt: fault?.cutAt });
  }

  function list(response: ServerResponse, query: URLSearchParams): void {
    const after = query.get('pageToken') ?? '';
    const names = [...objects.keys()].filter((name) => name.startsWith(query.get('prefix') ?? '') && name > after).toSorted();
    const items = names.slice(0, PAGE).map((name) => {
      const { body, generation } = objects.get(name)!;
      return { kind: 'storage#object', name, bucket: bucketName, generation: String(generation), size: String(body.length) };
    });
    json(response, 200, { kind: 'storage#objects', items, ...(names.length > PAGE && { nextPageToken: items.at(-1)!.name }) });
  }

  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    path: (prefix) => `gs://${bucketName}/${prefix}`,
    put: (name, body) => void objects.set(name, { body, generation: ++generations }),
    log: script.log,
    fail: script.fail,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function send(response: ServerResponse, { body }: ObjectDouble, { range, cutAt }: { range: string; cutAt: number | undefined }): void {
  const [, from = '0', to = String(body.length - 1)] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  const part = body.subarray(Number(from), Number(to) + 1);
  response.writeHead(206, {
    'content-type': 'application/octet-stream',
    'content-length': part.length,
    'content-range': `bytes ${from}-${to}/${body.length}`,
  });
  if (cutAt === undefined) return void response.end(part);
  response.write(part.subarray(0, cutAt), () => response.destroy());
}

function fail(response: ServerResponse, code: number, message: string): void {
  json(response, code, { error: { code, message, errors: [{ message, domain: 'global', reason: 'double' }] } });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
