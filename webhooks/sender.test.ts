import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { createSender } from './sender.ts';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const EARLIER = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
const signal = new AbortController().signal;
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Answers each path in its own way, and keeps what came. */
async function startReceiver() {
  const received: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ path: request.url!, headers: request.headers, body });
      if (request.url === '/moved') response.writeHead(302, { location: '/taken' }).end();
      else if (request.url === '/endless') response.writeHead(200).write('x');
      else if (request.url !== '/silent') response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { received, port, url: `http://127.0.0.1:${port}` };
}

const messageTo = (url: string) => ({ id: 'msg_1', url, secrets: [SECRET, EARLIER], body: '{"type":"test","data":"é"}' });

describe('createSender', () => {
  const send = createSender({ reach: 'any' });

  it('signs messages as receivers check them, with each secret that counts', async () => {
    const { received, url } = await startReceiver();
    expect(await send(messageTo(`${url}/taken`), signal)).toBe(204);
    const [{ headers, body }] = received as [(typeof received)[number]];
    for (const secret of [SECRET, EARLIER])
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual({ type: 'test', data: 'é' });
    expect(() => new Webhook(`whsec_${Buffer.alloc(32, 3).toString('base64')}`).verify(body, headers as Record<string, string>)).toThrow();
    expect(headers).toMatchObject({ 'webhook-id': 'msg_1', 'content-type': 'application/json' });
  });

  it('follows no redirect, and reads no answer beyond its head', async () => {
    const { received, url } = await startReceiver();
    expect(await send(messageTo(`${url}/moved`), signal)).toBe(302);
    expect(await send(messageTo(`${url}/endless`), signal)).toBe(200);
    expect(received.map(({ path }) => path)).toEqual(['/moved', '/endless']);
  });

  it('gives up on a receiver that says nothing when it is told to', async () => {
    const { received, url } = await startReceiver();
    const stop = new AbortController();
    const sending = send(messageTo(`${url}/silent`), stop.signal);
    while (received.length === 0) await new Promise(setImmediate);
    stop.abort();
    await expect(sending).rejects.toThrow(/abort/);
  });

  it('connects to nothing but the public internet, unless it is told to', async () => {
    const { received, port } = await startReceiver();
    const sendPublic = createSender({ reach: 'public' });
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433', '[::ffff:127.0.0.1]', '0.0.0.0'])
      await expect(async () => sendPublic(messageTo(`http://${host}:${port}/`), signal)).rejects.toThrow(/public internet/);
    expect(received).toEqual([]);
  });
});
