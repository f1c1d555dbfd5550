import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { FastifyInstance } from 'fastify';
import type { TestService } from '../test-service.ts';
import { HEAD, startListening, type ListeningService } from './listening.ts';

let listening: ListeningService;
let service: TestService;
let handled = 0;
let accepted: Socket[] = [];
beforeAll(async () => {
  const prepare = (app: FastifyInstance) => void app.addHook('onRequest', async () => void (handled += 1));
  listening = await startListening({ settings: { HOLDFAST_EVENT_STREAMS: 2_000 }, prepare });
  ({ service } = listening);
  listening.app.server.on('connection', (socket) => accepted.push(socket));
});
afterAll(() => listening.close());

const answerTo = (bytes: string | Buffer): Promise<string> => listening.answerTo(bytes);

describe('a request that could be read in two ways', () => {
  const smuggled = `GET /v1/me HTTP/1.1\r\n${HEAD}\r\n`;
  it.each([
    ['with two lengths', `POST /v1/backtests HTTP/1.1\r\n${HEAD}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{} \r\n${smuggled}`],
    [
      'with a length and chunks',
      `POST /v1/backtests HTTP/1.1\r\n${HEAD}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    ['with an encoding that hides chunks', `POST /v1/backtests HTTP/1.1\r\n${HEAD}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`],
    [
      'whose chunks come last but one',
      `POST /v1/backtests HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    ['whose length is no number', `POST /v1/backtests HTTP/1.1\r\n${HEAD}Content-Length: 0x4\r\n\r\n${smuggled}`],
    ['whose length is negative', `POST /v1/backtests HTTP/1.1\r\n${HEAD}Content-Length: -4\r\n\r\n${smuggled}`],
    ['with a space before the colon', `POST /v1/backtests HTTP/1.1\r\n${HEAD}Content-Length : 4\r\n\r\n${smuggled}`],
    ['with a folded header', `GET /v1/me HTTP/1.1\r\n${HEAD}X-A: b\r\n Content-Length: 4\r\n\r\n${smuggled}`],
    ['with a NUL in a header', `GET /v1/me HTTP/1.1\r\n${HEAD}X-A: b\0c\r\n\r\n${smuggled}`],
    ['without a host', `GET /v1/me HTTP/1.1\r\n\r\n${smuggled}`],
    ['of an unknown version', `GET /v1/me HTTP/3.7\r\n${HEAD}\r\n${smuggled}`],
    ['that is none', `\x16\x03\x01\x02\x00${smuggled}`],
  ])('%s is refused, and what comes behind it is not answered', async (_, bytes) => {
    const before = handled;
    const answer = await answerTo(bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    // The first one may have been begun with, when its body turned out to be none.
    expect(handled - before).toBeLessThanOrEqual(1);
    if (!answer.includes('application/problem+json')) expect(answer).toMatch(/content-length: 0|connection: close/i);
  });

  it('with longer headers than any client has is refused as such', async () => {
    const answer = await answerTo(`GET /v1/me HTTP/1.1\r\n${HEAD}X-Long: ${'a'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({ status: 431, detail: expect.stringContaining('16 KiB') });
    const many = Array.from({ length: 1_500 }, (_, k) => `X-${k}: ${k}\r\n`).join('');
    expect(await answerTo(`GET /v1/me HTTP/1.1\r\n${HEAD}${many}\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await answerTo(`GET /v1/me?q=${'a'.repeat(20_000)} HTTP/1.1\r\n${HEAD}\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('a client that is slow on purpose', () => {
  it('is cut off while its headers, or its body, do not come to an end', async () => {
    const trickle = async (begin: string, more: string): Promise<string> => {
      const socket = connect(listening.port);
      socket.on('error', () => undefined);
      socket.write(begin);
      const drip = setInterval(() => socket.write(more), 20);
      socket.once('close', () => clearInterval(drip));
      return text(socket);
    };
    const before = handled;
    expect(await trickle(`GET /v1/me HTTP/1.1\r\n${HEAD}`, 'X-A: b\r\n')).toMatch(/^HTTP\/1\.1 408 [\s\S]*took too long/);
    expect(handled).toBe(before);
    const body = `POST /v1/backtests HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{`;
    expect(await trickle(body, ' ')).not.toContain('202');
    const upload = `POST /v1/datasets?name=slow&symbol=A HTTP/1.1\r\n${HEAD}Content-Type: text/csv\r\nContent-Length: 100000\r\n\r\nts`;
    expect(await trickle(upload, ',')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('as one of a thousand readers of events that take nothing holds nothing, and others are answered', async () => {
    const { id } = await service.submit();
    accepted = [];
    const sockets = Array.from({ length: 1_000 }, () => connect(listening.port));
    onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
    const opened = sockets.map(async (socket) => {
      socket.on('error', () => undefined).pause();
      await once(socket, 'connect');
      socket.write(`GET /v1/events HTTP/1.1\r\n${HEAD}\r\n`);
    });
    await Promise.all(opened);
    const message = 'x'.repeat(20_000);
    for (let k = 0; k < 10; k++) {
      const { id: other } = await service.submit();
      await service.project(other, { status: 'failed', error: { code: 'internal', message }, finishedAt: Date.now() });
    }
    const answer = await fetch(`http://127.0.0.1:${listening.port}/v1/backtests/${id}`);
    expect(answer.status).toBe(200);
    expect(accepted.length).toBeGreaterThan(500); // a busy machine is still taking the last ones in
    // What lies in this process for a reader, and not with the system.
    expect(Math.max(...accepted.map((socket) => socket.writableLength))).toBeLessThan(256 * 1024);
  });
});
