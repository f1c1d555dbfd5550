import { strFromU8, unzipSync } from 'fflate';
import { parquetReadObjects } from 'hyparquet';
import { zstdDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDatasetStore } from '../../market-data/dataset-store.ts';
import { barsOf } from '../../test/fixtures/bars.ts';
import { storedResult } from '../test-results.ts';
import { startTestService, type TestService } from '../test-service.ts';

let service: TestService;
let id: string;
beforeEach(async () => {
  service = await startTestService();
  const data = { source: 'sample', symbols: ['AAPL', 'IBM'] };
  id = (await service.submit({ name: 'Cross', data, strategy: { name: 'sma-cross', params: { fast: 1, slow: 2 } } })).id;
});
afterEach(() => service.close());

const compressors = { ZSTD: (bytes: Uint8Array) => new Uint8Array(zstdDecompressSync(bytes)) };

async function finish(status: 'completed' | 'cancelled') {
  const bars = [barsOf([1, 2, 3, 4], 'AAPL'), barsOf([10, 20, 30, 20], 'IBM')];
  const dataset = await createDatasetStore(service.artifacts).write('public', [bars]);
  const words = { tags: [''], lines: [{ ts: Date.UTC(2004, 0, 2), bar: 1, message: 'bought, "at last"' }] };
  const result = { ...(await storedResult(service.artifacts, [100, 120, 90], { words })), dataset, partial: status === 'cancelled' };
  await service.project(id, { status, result, finishedAt: Date.UTC(2026, 0, 31, 12) });
}

async function files(): Promise<Record<string, Uint8Array>> {
  const answer = await service.get(`/v1/backtests/${id}/bundle`);
  expect(answer).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/zip' } });
  expect(answer.headers['content-disposition']).toBe(`attachment; filename="holdfast-${id}.zip"`);
  const all = Object.entries(unzipSync(answer.rawPayload));
  return Object.fromEntries(all.map(([name, bytes]) => [name.replace(`holdfast-${id}/`, ''), bytes]));
}

it('holds every file that its README names, and no other', async () => {
  await finish('completed');
  const all = await files();
  const readme = strFromU8(all['README.md']!);
  const named = [...readme.matchAll(/^- `(.+?)`: /gm)].flatMap(([, name]) => {
    const [first, ...endings] = name!.split(', ');
    return [first!, ...endings.map((ending) => first!.replace(/\.\w+$/, ending))];
  });
  expect(Object.keys(all).toSorted()).toEqual(['README.md', ...named].toSorted());
  expect(named).toContain('indicators/IBM.parquet');
});

it('holds what the addresses of the run give', async () => {
  await finish('completed');
  const all = await files();
  const text = (name: string) => strFromU8(all[name]!);
  const json = (name: string): unknown => JSON.parse(text(name));
  expect(json('spec.json')).toEqual((await service.get(`/v1/backtests/${id}`)).json().spec);
  const result = (await service.get(`/v1/backtests/${id}/result`)).json();
  expect(json('result.json')).toEqual(result);
  expect(json('manifest.json')).toEqual(result.manifest);
  expect(json('metrics.json')).toEqual(result.metrics);
  expect(text('report.html')).toBe((await service.get(`/v1/backtests/${id}/report`)).body);
  for (const series of ['equity', 'trades', 'orders'])
    expect(text(`${series}.csv`)).toBe((await service.get(`/v1/backtests/${id}/${series}?format=csv`)).body);
  expect(text('log.csv')).toContain('"bought, ""at last"""');
  expect(text('indicators/IBM.csv')).toBe((await service.get(`/v1/backtests/${id}/indicators?symbol=IBM&format=csv`)).body);
  const file = all['equity.parquet']!.slice().buffer;
  expect((await parquetReadObjects({ file, compressors })).map(({ equity }) => equity)).toEqual([100, 120, 90]);
});

it('is the same bytes each time', async () => {
  await finish('completed');
  const [first, second] = [await service.get(`/v1/backtests/${id}/bundle`), await service.get(`/v1/backtests/${id}/bundle`)];
  expect(first.rawPayload.equals(second.rawPayload)).toBe(true);
});

it('of a cancelled run says that it is a part', async () => {
  await finish('cancelled');
  const all = await files();
  expect(strFromU8(all['README.md']!)).toContain('It was stopped before its end');
  expect(JSON.parse(strFromU8(all['result.json']!))).toMatchObject({ partial: true });
});

it('is there for a run that has ended', async () => {
  expect((await service.get(`/v1/backtests/${id}/bundle`)).json()).toMatchObject({ status: 409, code: 'not_finished' });
});
