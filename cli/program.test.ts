import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { json, text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCli } from './program.ts';

const ID = '01990c3e-5a10-7000-8000-00000000000a';
const TWIN = '01990c3e-5a10-7000-8000-00000000000b';
const SPEC = { data: { source: 'sample', symbols: ['AAPL'] }, strategy: { name: 'sma-cross' } };

function run(change: object = {}) {
  const progress = { fraction: 0, done: 0, total: 100, unit: 'bars', perSecond: 0, etaSeconds: null };
  const times = { createdAt: '2026-01-31T12:00:00Z', startedAt: null, finishedAt: null };
  const self = `/v1/backtests/${ID}`;
  const links = { self, events: `${self}/events`, result: `${self}/result`, page: `/runs?id=${ID}`, temporal: null };
  const what = { name: 'Cross', tags: [], strategy: 'sma-cross', symbols: ['AAPL'], timeframe: '1d', owner: 'local' };
  const state = { status: 'queued', requested: null, phase: null, error: null, metrics: null };
  return { id: ID, kind: 'backtest', ...what, ...state, progress, ...times, batch: null, links, ...change };
}

interface Answer {
  status?: number;
  type?: string;
  body: unknown;
}

/** An answer of events `[id, name, what differs from a queued run]`. */
function eventStream(...events: [id: string, name: string, change: Record<string, unknown>][]): Answer {
  const { status, requested, phase, error, createdAt: at, progress } = run();
  const lines = events.map(([id, name, change]) => {
    const data = { runId: ID, status, requested, phase, error, at, progress, ...change };
    return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  });
  return { type: 'text/event-stream', body: lines.join('') };
}

/** A service that answers as told: `METHOD /path` → answers in order, of which the last repeats. */
async function service(answers: Record<string, Answer[]>) {
  const seen: { call: string; query: URLSearchParams; headers: IncomingMessage['headers']; body: unknown }[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url!, 'http://localhost');
    const call = `${request.method} ${url.pathname}`;
    seen.push({
      call,
      query: url.searchParams,
      headers: request.headers,
      body: request.method === 'POST' ? await json(request).catch(() => null) : null,
    });
    const left = answers[call] ?? [{ status: 404, body: { no: call } }];
    const { status = 200, type = 'application/json', body } = (left.length > 1 ? left.shift() : left[0])!;
    response.writeHead(status, { 'content-type': type }).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, seen };
}

/** Runs the command as a script would, and collects what it writes. */
async function holdfast(args: string[], options: { env?: NodeJS.ProcessEnv; stdin?: string; interrupted?: AbortSignal } = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const written = Promise.all([text(stdout), text(stderr)]);
  const status = await runCli(args, {
    env: options.env ?? {},
    stdin: Readable.from([options.stdin ?? '']),
    stdout,
    stderr: Object.assign(stderr, { isTTY: false }) as unknown as NodeJS.WriteStream,
    untilInterrupted: () => options.interrupted ?? new AbortController().signal,
    status: 0,
  });
  stdout.end();
  stderr.end();
  const [out, err] = await written;
  return { status, out, err };
}

function specFile(content = JSON.stringify(SPEC)): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-spec-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'spec.json'), content);
  return path.join(folder, 'spec.json');
}

describe('holdfast run', () => {
  it('submits the file with the name and the key that were given, and says how to see the run', async () => {
    const { url, seen } = await service({ 'POST /v1/backtests': [{ status: 202, body: run() }] });
    const { status, out } = await holdfast(['run', specFile(), '--url', url, '--name', 'Mine', '--idempotency-key', 'k1'], {
      env: { HOLDFAST_TOKEN: 'secret' },
    });
    expect(status).toBe(0);
    expect(out).toBe(`Accepted run ${ID}. See it with: holdfast watch ${ID}\n`);
    expect(seen[0]).toMatchObject({
      body: { ...SPEC, name: 'Mine' },
      headers: { 'idempotency-key': 'k1', authorization: 'Bearer secret' },
    });
  });

  it('reads the spec from stdin', async () => {
    const { url, seen } = await service({ 'POST /v1/backtests': [{ status: 202, body: run() }] });
    expect((await holdfast(['run', '-', '--url', url], { stdin: JSON.stringify(SPEC) })).status).toBe(0);
    expect(seen[0]?.body).toEqual(SPEC);
  });

  it('prints every fault of a refused spec with its path, and ends with status 2', async () => {
    const errors = [
      { path: 'data.symbols', message: 'names a symbol twice' },
      { path: 'strategy.params.fast', message: 'is too small' },
    ];
    const problem = {
      type: '/errors/invalid_spec',
      title: 'The spec is not valid',
      status: 422,
      detail: 'Two faults.',
      code: 'invalid_spec',
      errors,
    };
    const { url } = await service({ 'POST /v1/backtests': [{ status: 422, type: 'application/problem+json', body: problem }] });
    const { status, out, err } = await holdfast(['run', specFile(), '--url', url]);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toBe('Two faults.\n  data.symbols: names a symbol twice\n  strategy.params.fast: is too small\n');
  });

  it.each([
    ['a file that is not JSON', () => ['run', specFile('{"data":')], /spec\.json is not JSON/],
    ['a missing file', () => ['run', '/nowhere/spec.json'], /could not be read: .*ENOENT/],
    ['no file', () => ['run'], /missing required argument 'spec'/],
    ['an unknown option', () => ['run', '-', '--wacth'], /unknown option '--wacth'[^]*Did you mean --watch/],
    ['an address that is none', () => ['ls', '--url', 'here'], /"here" is not an address/],
  ])('ends with status 2 for %s', async (_what, args, message) => {
    const { status, out, err } = await holdfast(args());
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(message);
  });

  it.each([
    ['completed', 0],
    ['failed', 1],
    ['cancelled', 1],
  ])('with --watch shows the progress on stderr until the run is %s, and ends with status %i', async (end, expected) => {
    const half = { ...run().progress, fraction: 0.5, done: 50, perSecond: 1000, etaSeconds: 2 };
    const { url, seen } = await service({
      'POST /v1/backtests': [{ status: 202, body: run() }],
      // The first connection breaks off, as when the service restarts.
      [`GET /v1/backtests/${ID}/events`]: [
        eventStream(['1', 'status', { status: 'running', phase: 'simulate' }], ['2', 'progress', { progress: half }]),
        { status: 503, body: 'restarting' },
        eventStream(['3', 'done', { status: end }]),
      ],
      [`GET /v1/backtests/${ID}`]: [{ body: run({ status: end }) }],
    });
    const { status, out, err } = await holdfast(['run', specFile(), '--watch', '--json', '--url', url]);
    expect(status).toBe(expected);
    expect(JSON.parse(out)).toMatchObject({ id: ID, status: end });
    expect(err).toMatch(/50 % {2}simulate {2}1,000 bars\/s, 2 s left/);
    const after = seen.filter(({ call }) => call.endsWith('/events')).map(({ query }) => query.get('lastEventId'));
    expect(after).toEqual([null, '2', '2']);
  });

  it('leaves the run alone when watching is interrupted, and says how to see it again', async () => {
    const { url, seen } = await service({
      'POST /v1/backtests': [{ status: 202, body: run() }],
      [`GET /v1/backtests/${ID}/events`]: [eventStream(['1', 'status', { status: 'running' }])],
    });
    const interrupted = AbortSignal.timeout(100);
    const { status, err } = await holdfast(['run', specFile(), '--watch', '--url', url], { interrupted });
    expect(status).toBe(130);
    expect(err).toContain(`The run goes on. See it again with: holdfast watch ${ID}`);
    expect(seen.map(({ call }) => call)).not.toContain(`POST /v1/backtests/${ID}/cancel`);
  });
});

describe('the id of a run', () => {
  it('may be the beginning of exactly one', async () => {
    const { url, seen } = await service({
      'GET /v1/backtests': [{ body: { items: [{ id: ID }, { id: '01990c3f-0000-7000-8000-000000000000' }], nextCursor: null } }],
      [`POST /v1/backtests/${ID}/pause`]: [{ status: 202, body: run({ status: 'pausing' }) }],
    });
    const { status, out } = await holdfast(['pause', '01990c3e', '--url', url]);
    expect({ status, out }).toEqual({ status: 0, out: `Recorded: pause run ${ID}, which is pausing.\n` });
    // 0x01990c3e0000 ms and 0x01990c3effff ms, with 5 s of slack.
    expect(seen[0]?.query.get('createdFrom')).toBe(new Date(0x01990c3e0000 - 5000).toISOString());
    expect(seen[0]?.query.get('createdTo')).toBe(new Date(0x01990c3effff + 5000).toISOString());
  });

  it('is refused with the candidates when it is the beginning of several', async () => {
    const { url } = await service({ 'GET /v1/backtests': [{ body: { items: [{ id: ID }, { id: TWIN }], nextCursor: null } }] });
    const { status, err } = await holdfast(['show', '01990c3e-5a10', '--url', url]);
    expect(status).toBe(2);
    expect(err).toContain(`${ID}\n  ${TWIN}`);
  });

  it.each(['01990c3', 'Cross'])('is refused without a request when it is "%s"', async (text) => {
    expect(await holdfast(['show', text])).toMatchObject({ status: 2, err: expect.stringMatching(/first 8 characters/) });
  });
});

describe('the other commands', () => {
  it('hand the filters of ls to the service', async () => {
    const { url, seen } = await service({ 'GET /v1/backtests': [{ body: { items: [run()], nextCursor: 'abc' } }] });
    const { out } = await holdfast(['ls', '--status', 'running,paused', '-q', 'cross', '--since', '2026-01-31', '-n', '5', '--url', url]);
    const sent = Object.fromEntries(seen[0]!.query);
    expect(sent).toEqual({ status: 'running,paused', q: 'cross', createdFrom: '2026-01-31T00:00:00Z', limit: '5' });
    expect(out).toMatch(new RegExp(`${ID} .*sma-cross[^]*--cursor abc`));
  });

  it('write nothing but the JSON of the service to stdout with --json, fields of the future included', async () => {
    const page = { items: [{ ...run(), fresh: 1 }], nextCursor: null };
    const { url } = await service({ 'GET /v1/backtests': [{ body: page }] });
    const { out, err } = await holdfast(['--json', 'ls', '--url', url]);
    expect(JSON.parse(out)).toEqual(page);
    expect(err).toBe('');
  });

  it('stream a CSV as it comes', async () => {
    const csv = `symbol,size\n${'AAPL,1\n'.repeat(50_000)}`;
    const { url, seen } = await service({ [`GET /v1/backtests/${ID}/trades`]: [{ type: 'text/csv', body: csv }] });
    const { status, out } = await holdfast(['trades', ID, '--csv', '--url', url]);
    expect({ status, same: out === csv }).toEqual({ status: 0, same: true });
    expect(seen[0]?.query.get('format')).toBe('csv');
  });

  it('show what became of orders', async () => {
    const columns = { symbol: ['AAPL'], status: ['rejected'], reason: ['no_money'] };
    const { url } = await service({ [`GET /v1/backtests/${ID}/orders`]: [{ body: { columns, rows: 1 } }] });
    const { out } = await holdfast(['orders', ID, '--url', url]);
    expect(out).toMatch(/AAPL\s+rejected\s+no_money/);
  });

  it('write a report to a file, or to stdout', async () => {
    const page = '<!doctype html><title>A run</title>';
    const { url } = await service({ [`GET /v1/backtests/${ID}/report`]: [{ type: 'text/html', body: page }] });
    const file = path.join(path.dirname(specFile()), 'report.html');
    expect(await holdfast(['report', ID, '--out', file, '--url', url])).toMatchObject({ status: 0, out: `Written to ${file}\n` });
    expect(readFileSync(file, 'utf8')).toBe(page);
    expect((await holdfast(['report', ID, '--url', url])).out).toBe(page);
    const nowhere = await holdfast(['report', ID, '--out', '/nowhere/report.html', '--url', url]);
    expect(nowhere).toMatchObject({ status: 2, err: expect.stringContaining('could not be written') });
  });

  it('show a long series by some of its rows, the first and the last among them', async () => {
    const equity = Array.from({ length: 1000 }, (_, i) => i);
    const { url } = await service({ [`GET /v1/backtests/${ID}/equity`]: [{ body: { columns: { equity }, rows: 1000 } }] });
    const { out } = await holdfast(['equity', ID, '--url', url]);
    const rows = out
      .split('\n')
      .filter((line) => /^\s*\d+\s*$/.test(line))
      .map(Number);
    expect([rows.length, rows[0], rows.at(-1)]).toEqual([30, 0, 999]);
    expect(out).toContain('30 of 1,000 rows');
  });

  it('say how to start the service when nothing answers', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const address = `http://127.0.0.1:${(gone.address() as { port: number }).port}`;
    await once(gone.close(), 'close');
    const { status, out, err } = await holdfast(['ls'], { env: { HOLDFAST_URL: address } });
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toContain(`does not answer at ${address} (connect ECONNREFUSED`);
    expect(err).toContain('npm start');
  });

  it('tell when something else than Holdfast answers', async () => {
    const { url } = await service({ 'GET /v1/strategies': [{ status: 502, type: 'text/html', body: '<h1>Bad Gateway</h1>' }] });
    expect(await holdfast(['strategies', '--url', url])).toMatchObject({
      status: 1,
      err: expect.stringMatching(/502 Bad Gateway.*Is this its address/),
    });
  });

  it('explain themselves with --help, and end with status 0', async () => {
    const { status, out } = await holdfast(['--help']);
    expect(status).toBe(0);
    for (const command of [
      'run',
      'ls',
      'show',
      'watch',
      'pause',
      'resume',
      'cancel',
      'result',
      'report',
      'trades',
      'equity',
      'orders',
      'logs',
      'strategies',
      'datasets',
    ]) {
      expect(out).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    }
  });
});
