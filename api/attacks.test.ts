import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { startTestService, SPEC, type TestService } from './test-service.ts';

const LOOPBACK = '127.0.0.1';
/** A client that is slower than this is cut off here; by default it has fifteen seconds. */
const PATIENCE = { headersMs: 300, bodyMs: 300, uploadMs: 2_000, lookMs: 50 };
/** Of the processor, for input that was made to be slow. */
const MOST_CPU_MS = 100;

let service: TestService;
let listening: FastifyInstance;
let port: number;
let handled = 0;
let accepted: Socket[] = [];
beforeAll(async () => {
  service = await startTestService({ HOLDFAST_EVENT_STREAMS: 2_000 });
  listening = await service.restart({ patience: PATIENCE });
  listening.addHook('onRequest', async () => void (handled += 1));
  listening.server.on('connection', (socket) => accepted.push(socket));
  await listening.listen({ host: LOOPBACK, port: 0 });
  ({ port } = listening.server.address() as AddressInfo);
});
afterAll(async () => {
  await listening.close();
  await service.close();
});

/** Sends bytes, and gives all that comes back until the service ends the connection. */
async function answerTo(bytes: string | Buffer): Promise<string> {
  const socket = connect(port, LOOPBACK);
  socket.on('error', () => undefined);
  socket.write(bytes);
  return text(socket);
}

const HEAD = `Host: ${LOOPBACK}\r\n`;

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
      const socket = connect(port, LOOPBACK);
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
    const sockets = Array.from({ length: 1_000 }, () => connect(port, LOOPBACK));
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
    const answer = await fetch(`http://${LOOPBACK}:${port}/v1/backtests/${id}`);
    expect(answer.status).toBe(200);
    expect(accepted.length).toBeGreaterThan(500); // a busy machine is still taking the last ones in
    // What lies in this process for a reader, and not with the system.
    expect(Math.max(...accepted.map((socket) => socket.writableLength))).toBeLessThan(256 * 1024);
  });
});

describe('text that means something elsewhere', () => {
  const HOSTILE = [
    "' OR '1'='1",
    `'; DROP TABLE runs; --`,
    `"; DELETE FROM runs; --`,
    '$$; select 1; $$',
    '%s %I %L %1$s',
    '{"or":"(id.neq.0)"}',
    'id.eq.1,or(owner.neq.x)',
    '\\',
    '%',
    '_',
    '*)(&',
    '${7*7}',
    '../../../../etc/passwd',
    '..%2f..%2fetc%2fpasswd',
    '....//....//etc/passwd',
    'file:///etc/passwd',
    '/etc/passwd',
    'C:\\Windows\\win.ini',
    '__proto__',
    'constructor',
  ];

  it('finds nothing as a filter, a name or an id, and changes nothing', async () => {
    await service.submit({ name: 'kept' });
    const countOf = async (): Promise<number> => (await service.store.list('local', { order: 'newest', limit: 200 })).length;
    const before = await countOf();
    for (const each of HOSTILE) {
      const given = encodeURIComponent(each);
      for (const filter of ['q', 'symbol', 'tag', 'strategy', 'status', 'sort', 'cursor', 'createdFrom', 'batch', each]) {
        const answer = await service.get(`/v1/backtests?${encodeURIComponent(filter)}=${given}`);
        expect([filter, each, [200, 422].includes(answer.statusCode)]).toEqual([filter, each, true]);
        if (answer.statusCode === 200) expect([filter, each, answer.json().items]).toEqual([filter, each, []]);
      }
      const addresses = [
        '/v1/backtests/',
        '/v1/sweeps/',
        '/v1/batches/',
        '/v1/schedules/',
        '/v1/webhooks/',
        '/v1/strategies/',
        '/docs/',
        '/',
      ];
      for (const address of [...addresses, '/v1/datasets/upload:']) {
        const answer = await service.get(address + given);
        expect([address, each, answer.statusCode >= 400 && answer.statusCode < 500]).toEqual([address, each, true]);
        expect(answer.body).not.toContain('root:');
      }
      const upload = `/v1/datasets?name=${given}&symbol=${given}`;
      const csv = { headers: { 'content-type': 'text/csv' }, payload: 'ts,open,high,low,close,volume\n2024-01-02,1,1,1,1,1\n' };
      // A name like any other, as long as it is not looked up among those of every object.
      expect([each, (await service.call('POST', upload, csv)).statusCode]).toEqual([each, each === 'constructor' ? 201 : 422]);
      const spec = { ...SPEC, data: { source: each, symbols: [each] }, strategy: { name: each } };
      expect((await service.post('/v1/backtests', spec)).statusCode).toBe(422);
    }
    expect(await countOf()).toBe(before);
  });

  it('is a name like any other, and is found by it', async () => {
    for (const name of HOSTILE) {
      const { id } = await service.submit({ name, tags: [name] });
      const found = (await service.get(`/v1/backtests?q=${encodeURIComponent(name)}&tag=${encodeURIComponent(name)}`)).json();
      expect(found.items.map((run: { id: string }) => run.id)).toEqual([id]);
    }
  });

  it('leads to no file when an address climbs out of the docs', async () => {
    for (const path of [
      '/docs/../package.json',
      '/docs/%2e%2e/package.json',
      '/docs/..%2f..%2fpackage.json',
      '/docs/js/../../../package.json',
      '/docs//etc/passwd',
    ]) {
      const answer = await answerTo(`GET ${path} HTTP/1.1\r\n${HEAD}Connection: close\r\n\r\n`);
      expect([path, /^HTTP\/1\.1 4\d\d /.test(answer)]).toEqual([path, true]);
      expect(answer).not.toContain('"version"');
    }
  });
});

describe('a body that is larger than it looks', () => {
  it('is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    const json = { headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' }, payload: bomb };
    expect((await service.call('POST', '/v1/backtests', json)).json()).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    const csv = { headers: { 'content-type': 'text/csv', 'content-encoding': 'gzip' }, payload: bomb };
    expect((await service.call('POST', '/v1/datasets?name=bomb&symbol=A', csv)).statusCode).toBe(415);
    // Nor where nothing says what it is.
    const silent = { headers: { 'content-type': 'text/csv' }, payload: bomb };
    expect((await service.call('POST', '/v1/datasets?name=bomb&symbol=A', silent)).statusCode).toBe(422);
    const parquet = { headers: { 'content-type': 'application/vnd.apache.parquet' }, payload: bomb };
    expect((await service.call('POST', '/v1/datasets?name=bomb&symbol=A', parquet)).statusCode).toBe(422);
  });

  it('is refused as too long on every route that takes one', async () => {
    const payload = `{"name":"${'a'.repeat(1_100_000)}"}`;
    for (const path of [
      '/v1/backtests',
      '/v1/backtests/estimate',
      '/v1/sweeps',
      '/v1/strategies/check',
      '/v1/tokens',
      '/v1/webhooks',
      '/v1/shares',
      '/v1/schedules',
    ]) {
      const answer = await service.call('POST', path, { headers: { 'content-type': 'application/json' }, payload });
      expect([path, answer.statusCode, answer.json().code]).toEqual([path, 413, 'payload_too_large']);
    }
    const csv = { headers: { 'content-type': 'text/csv' }, payload: 'a'.repeat(1_100_000) };
    expect((await service.call('POST', '/v1/datasets?name=long&symbol=A', csv)).statusCode).toBe(413);
  });
});

describe('input that was made to be slow', () => {
  /** The least of three: the first also compiles, and the collector may come in between. */
  async function cpuOf(call: () => Promise<unknown>): Promise<number> {
    let least = Infinity;
    for (let round = 0; round < 3; round++) {
      const before = process.cpuUsage();
      await call();
      const { user, system } = process.cpuUsage(before);
      least = Math.min(least, (user + system) / 1_000);
    }
    return least;
  }
  const many = (text: string, count = 20_000): string => text.repeat(count);
  const rules = (enterLong: string) => service.post('/v1/strategies/check', { rules: { enterLong, exitLong: 'close < 1' } });

  it.each([
    ['brackets', many('(') + '1' + many(')')],
    ['brackets that never close', many('(')],
    ['signs', `${many('-')}1 > 0`],
    ['negations', `${many('!')}(close > 1)`],
    ['comparisons', `close ${many('> close ', 5_000)}`],
    ['sums', `${many('close + ', 10_000)}1 > 0`],
    ['choices', `${many('close > 1 ? close : ', 3_000)}1`],
    ['calls in calls', `${many('sma(', 5_000)}close${many(', 5)', 5_000)} > 1`],
    ['arguments', `max(${many('close, ', 10_000)}close) > 1`],
    ['a long name', `${many('a', 100_000)} > 1`],
    ['digits', `close > ${many('9', 100_000)}`],
    ['digits and dots', `close > ${many('9.', 20_000)}`],
    ['exponents', `close > ${many('1e', 20_000)}`],
    ['spaces', `close >${many(' ', 500_000)}`],
    ['a text that does not end', `close > "${many('\\"', 50_000)}`],
    ['dots', `close${many('.close', 10_000)} > 1`],
    ['square brackets', `close${many('[0', 10_000)} > 1`],
  ])('as an expression of many %s is soon refused or read', async (_, expression) => {
    const answer = await rules(expression);
    expect(answer.statusCode).toBeLessThan(500);
    expect(await cpuOf(() => rules(expression))).toBeLessThan(MOST_CPU_MS);
  });

  it.each([
    ['a search', `/v1/backtests?q=${encodeURIComponent(many('a%', 100))}`],
    ['a status', `/v1/backtests?status=${many('queued,', 2_000)}`],
    ['a cursor', `/v1/backtests?cursor=${many('A', 15_000)}`],
    ['a moment', `/v1/backtests?createdFrom=${many('2', 15_000)}`],
    ['a moment with many fractions', `/v1/backtests?createdFrom=2024-01-01T00:00:00.${many('0', 15_000)}Q`],
    ['a sort', `/v1/sweeps/x/trials?sort=${many('-', 15_000)}`],
    ['an id', `/v1/backtests/${many('a-', 5_000)}`],
    ['slashes', many('/', 15_000)],
    ['escapes', `/v1/${many('%25', 5_000)}`],
    ['parameters', `/v1/backtests?${many('a&', 7_000)}`],
  ])('as %s of an address is soon answered', async (_, url) => {
    expect((await service.get(url)).statusCode).toBeLessThan(500);
    expect(await cpuOf(() => service.get(url))).toBeLessThan(MOST_CPU_MS);
  });

  it.each([
    ['Idempotency-Key', `"${many('\\"', 7_000)}`],
    ['Idempotency-Key', many('"', 15_000)],
    ['X-Request-Id', `${many('a', 15_000)}!`],
    ['Authorization', `Bearer${many(' ', 15_000)}`],
    ['Authorization', `Bearer ${many('a.', 7_000)}`],
    ['If-None-Match', many('W/"a",', 2_500)],
    ['Last-Event-ID', many('1-', 7_000)],
    ['Content-Type', `application/json${many(';', 15_000)}`],
    ['Accept', many('a/b;q=0.1,', 1_500)],
  ])('as %s is soon answered', async (name, value) => {
    const call = () => service.post('/v1/backtests/estimate', SPEC, { [name]: value });
    expect((await call()).statusCode).toBeLessThan(500);
    expect(await cpuOf(call)).toBeLessThan(MOST_CPU_MS);
  });

  it.each([
    ['a cron', { cron: many('*/', 10_000) }],
    ['a cron of many fields', { cron: many('* ', 10_000) }],
    ['a cron of many ranges', { cron: `${many('1-2,', 5_000)}1 * * * *` }],
    ['a jitter', { cron: '* * * * *', jitter: many('9', 50_000) }],
    ['a zone', { cron: '* * * * *', timeZone: many('America/', 5_000) }],
  ])('as %s of a schedule is soon refused', async (_, timing) => {
    const call = () => service.post('/v1/schedules', { name: 'S', spec: SPEC, ...timing });
    expect((await call()).statusCode).toBe(422);
    expect(await cpuOf(call)).toBeLessThan(MOST_CPU_MS);
  });
});
