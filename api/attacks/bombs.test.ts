import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Problem } from '../../shared/problem.ts';
import { startTestService, type TestService } from '../test-service.ts';
import * as bombs from './parquet-bombs.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

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
    for (const payload of [bomb, Buffer.from(zipSync({ 'bars.parquet': Buffer.alloc(50_000_000) }))]) {
      const parquet = { headers: { 'content-type': 'application/vnd.apache.parquet' }, payload };
      expect((await service.call('POST', '/v1/datasets?name=bomb&symbol=A', parquet)).statusCode).toBe(422);
    }
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

/** Of the process that reads a file: the database may have 512 MB, and as much is left for what it does not count and for looking late. */
const MOST_MB = 1_280;
/** Of which a busy machine needs most for starting that process. */
const MOST_MS = 15_000;

/** Most memory that any process had that this one has started, in MB; null where the system does not tell. */
function memoryOfChildren(): number | null {
  if (process.platform !== 'linux') return null;
  const statuses = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [statusOf(name)] : []));
  const children = statuses.filter((status) => status.includes(`PPid:\t${process.pid}\n`));
  return Math.max(0, ...children.map((status) => Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024));
}

function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

describe('a Parquet file that is larger than it looks', () => {
  it.each([
    ['a thousand million rows of which it says it has one', bombs.manyRows, 413, /would take 45,777 MB/],
    ['one long text as the symbol of every row', bombs.longSymbol, 422, /symbol|could not be read/],
    ['pages of a gigabyte that are a few kilobytes', bombs.packedPages, 422, /failed to allocate|ended before/],
    ['very many groups', () => bombs.manyGroups(3_000), 422, /there already|not a time/],
    ['very many columns', () => bombs.manyColumns(50_000), 422, /there are 50000 columns/],
    ['columns within columns', () => bombs.deepSchema(100_000), 422, /damaged/],
    ['a list of two thousand million items', bombs.endlessList, 422, /damaged/],
    ['a footer that is longer than the file', bombs.longFooter, 422, /damaged/],
  ])('is refused: %s', async (_, make, status, text) => {
    const began = performance.now();
    let most = 0;
    const look = setInterval(() => (most = Math.max(most, memoryOfChildren() ?? 0)), 25);
    const payload = make();
    expect(payload.length).toBeLessThan(2 ** 20);
    const headers = { 'content-type': 'application/vnd.apache.parquet' };
    const answer = await service.call('POST', '/v1/datasets?name=bomb&symbol=A', { headers, payload });
    clearInterval(look);
    const { detail, errors } = answer.json<Problem>();
    expect([detail, ...errors.map(({ message }) => message)].join('\n')).toMatch(text);
    expect(answer.statusCode).toBe(status);
    expect(most).toBeLessThan(MOST_MB);
    expect(performance.now() - began).toBeLessThan(MOST_MS);
  });

  it('is not read at all where its list of what is in it is too long', async () => {
    const large = await startTestService({ HOLDFAST_UPLOAD_MB: 32 });
    onTestFinished(() => large.close());
    const payload = bombs.withFooter(Buffer.alloc(0), Buffer.alloc(17 * 2 ** 20));
    const headers = { 'content-type': 'application/vnd.apache.parquet' };
    const answer = await large.call('POST', '/v1/datasets?name=bomb&symbol=A', { headers, payload });
    expect(answer.json<Problem>().errors).toEqual([{ path: 'file', message: expect.stringContaining('larger row groups') }]);
  });
});
