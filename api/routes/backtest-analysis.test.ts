import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCheckpointStore } from '../../artifacts/checkpoints.ts';
import { createDatasetStore } from '../../market-data/dataset-store.ts';
import { barsOf } from '../../test/fixtures/bars.ts';
import { storedResult } from '../test-results.ts';
import { startTestService, type TestService } from '../test-service.ts';

let service: TestService;
let id: string;
const get = (path: string) => service.get(`/v1/backtests/${id}/${path}`);

beforeEach(async () => {
  service = await startTestService();
  const data = { source: 'sample', symbols: ['AAPL', 'IBM'] };
  id = (await service.submit({ data, strategy: { name: 'sma-cross', params: { fast: 1, slow: 2 } } })).id;
});
afterEach(() => service.close());

describe('the tables and the report of a run', () => {
  it('are there once it has finished', async () => {
    for (const path of ['tables', 'report']) {
      expect((await get(path)).json()).toMatchObject({ status: 409, code: 'not_finished' });
    }
  });

  it('show what it did', async () => {
    await service.project(id, { status: 'completed', result: await storedResult(service.artifacts, [100, 120, 90]) });
    const tables = (await get('tables')).json();
    expect(tables.monthlyReturns).toEqual([{ period: '2004-01', return: 90 / 100 - 1, benchmark: null }]);
    expect(tables.drawdowns).toMatchObject([{ start: '2004-01-02T00:00:00.000Z', depth: -0.25, recovery: null }]);
    const report = await get('report');
    expect(report.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(report.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(report.body).toMatch(/^<!doctype html>/);
  });

  it('are not sent again to who has them', async () => {
    await service.project(id, { status: 'completed', result: await storedResult(service.artifacts, [100, 120, 90]) });
    for (const path of ['tables', 'report']) {
      const { etag } = (await get(path)).headers;
      const again = await service.get(`/v1/backtests/${id}/${path}`, { 'if-none-match': String(etag) });
      expect({ status: again.statusCode, body: again.body }).toEqual({ status: 304, body: '' });
    }
  });
});

describe('the indicators of a run', () => {
  const prices = [10, 20, 30, 20];
  const withBars = async (total = prices.length, closes = prices) => {
    const bars = [barsOf([1, 2, 3, 4], 'AAPL'), barsOf(closes, 'IBM')];
    const dataset = await createDatasetStore(service.artifacts).write('public', [bars]);
    const counters = { slices: 1, attempts: 1, cpuSeconds: 1 };
    const checkpoint = await createCheckpointStore(service.artifacts).write('local', {
      ...counters,
      dataset,
      bar: total,
      total,
      ended: null,
      chunk: null,
      state: { kind: 'signals', of: {} },
    });
    await service.project(id, { status: 'running', checkpoint, total });
  };

  it('stand beside the bars of a symbol, null where there is none yet', async () => {
    await withBars();
    const { columns, rows } = (await get('indicators?symbol=IBM')).json();
    expect(rows).toBe(4);
    expect(Object.keys(columns)).toEqual(['time', 'open', 'high', 'low', 'close', 'volume', 'fast', 'slow']);
    expect(columns).toMatchObject({ close: prices, fast: prices, slow: [null, 15, 25, 25] });
    expect((await get('indicators')).json().columns.close).toEqual([1, 2, 3, 4]);
  });

  it('can be cut to a range without a change of their values', async () => {
    await withBars();
    expect((await get('indicators?symbol=IBM&from=2024-01-02&to=2024-01-03')).json().columns.slow).toEqual([15, 25]);
  });

  it('are thinned so that the highest and the lowest close stay', async () => {
    const closes = Array.from({ length: 500 }, (_, i) => 100 + (i % 7));
    closes[123] = 1;
    closes[321] = 999;
    await withBars(500, closes);
    const { columns, rows } = (await get('indicators?symbol=IBM&points=40')).json();
    expect(rows).toBeLessThanOrEqual(40);
    expect(columns.close).toEqual(expect.arrayContaining([1, 999]));
  });

  it('are refused for a symbol that is not traded, and before there are bars', async () => {
    expect((await get('indicators')).json()).toMatchObject({ status: 409, code: 'not_finished' });
    await withBars();
    expect((await get('indicators?symbol=IMB')).json()).toMatchObject({
      status: 422,
      detail: expect.stringContaining('did you mean "IBM"'),
    });
  });

  it('are refused for a run that is too long for an answer', async () => {
    await withBars(2_000_000);
    expect((await get('indicators')).json()).toMatchObject({ status: 422, detail: expect.stringContaining('too many') });
  });
});
