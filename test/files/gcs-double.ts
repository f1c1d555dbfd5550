import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { createScript, type BucketDouble } from './bucket-double.ts';

const PAGE = 2;
/** Upload or not, bucket, object, and the object to copy to. */
const ADDRESS = /^(\/upload)?\/storage\/v1\/b\/([^/]+)\/o(?:\/([^/]+)(?:\/rewriteTo\/b\/[^/]+\/o\/([^/]+))?)?$/;

interface ObjectDouble {
  body: Uint8Array;
  generation: number;
  updated: number;
}

interface Asked {
  key: string;
  copy: string | undefined;
  name: string;
  cutAt: number | undefined;
  query: URLSearchParams;
}

/** A test double of the JSON API of Google Cloud Storage: objects.list, get (also with alt=media, generation and Range), insert, patch, rewrite and delete. Not for any other use. */
export async function startGcsDouble(bucketName = 'bars'): Promise<BucketDouble> {
  const objects = new Map<string, ObjectDouble>();
  const script = createScript();
  let generations = 0;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, 'http://double');
    const [, uploads, bucket, name = '', copy] = ADDRESS.exec(url.pathname) ?? [];
    const key = decodeURIComponent(name);
    if (bucket === bucketName && uploads) return insert(request, response, url.searchParams.get('name')!);
    const fault = script.take(key, request.headers.range);
    if (fault?.status) return fail(response, fault.status, 'slow down');
    if (bucket !== bucketName) return fail(response, 404, 'The specified bucket does not exist.');
    if (key === '') return list(response, url.searchParams);
    one(request, response, { key, copy, name, cutAt: fault?.cutAt, query: url.searchParams });
  }

  function one(request: IncomingMessage, response: ServerResponse, { key, copy, name, cutAt, query }: Asked): void {
    const object = objects.get(key);
    const generation = query.get('generation');
    const isThere = generation === null || generation === String(object?.generation);
    if (object === undefined || !isThere) return fail(response, 404, `No such object: ${name}`);
    if (request.method !== 'GET') return change(request, response, { key, object, copy });
    if (query.get('alt') !== 'media') return json(response, 200, described(key, object));
    send(response, object, { range: request.headers.range ?? '', cutAt });
  }

  function change(
    { method }: IncomingMessage,
    response: ServerResponse,
    { key, object, copy }: { key: string; object: ObjectDouble; copy: string | undefined },
  ): void {
    if (method === 'DELETE') {
      objects.delete(key);
      return void response.writeHead(204).end();
    }
    put(copy === undefined ? key : decodeURIComponent(copy), object.body);
    json(response, 200, copy === undefined ? described(key, objects.get(key)!) : { done: true });
  }

  function list(response: ServerResponse, query: URLSearchParams): void {
    const after = query.get('pageToken') ?? '';
    const names = [...objects.keys()].filter((name) => name.startsWith(query.get('prefix') ?? '') && name > after).toSorted();
    const items = names.slice(0, PAGE).map((name) => described(name, objects.get(name)!));
    json(response, 200, { kind: 'storage#objects', items, ...(names.length > PAGE && { nextPageToken: items.at(-1)!.name }) });
  }

  const put = (key: string, body: Uint8Array): void => void objects.set(key, { body, generation: ++generations, updated: Date.now() });

  function insert(request: IncomingMessage, response: ServerResponse, key: string): void {
    void buffer(request).then((body) => {
      put(key, body);
      json(response, 200, described(key, objects.get(key)!));
    });
  }

  const described = (name: string, { body, generation, updated }: ObjectDouble) => ({
    kind: 'storage#object',
    name,
    bucket: bucketName,
    generation: String(generation),
    size: String(body.length),
    updated: new Date(updated).toISOString(),
  });

  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    path: (prefix) => `gs://${bucketName}/${prefix}`,
    put,
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
  if (range !== '' && Number(from) >= body.length) return fail(response, 416, 'the range begins behind the end');
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
