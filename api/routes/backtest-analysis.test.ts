import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCheckpointStore } from '../../artifacts/checkpoints.ts';
import { createChunkStore } from '../../artifacts/chunks.ts';
import { createDatasetStore } from '../../market-data/dataset-store.ts';
import { CURVE_COLUMNS, ORDER_COLUMNS, TRADE_COLUMNS } from '../../shared/series.ts';
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

const DAY = (day: number) => Date.UTC(2024, 0, 1 + day);

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

  it('of many bars are computed beside the service, with the same values', { timeout: 60_000 }, async () => {
    const closes = Array.from({ length: 60_000 }, (_, i) => 100 + (i % 7));
    await withBars(60_000, closes);
    const { columns, rows } = (await get('indicators?symbol=IBM')).json();
    expect(rows).toBe(60_000);
    expect(columns.fast).toEqual(closes);
    expect(columns.slow.slice(0, 3)).toEqual([null, 100.5, 101.5]);
  });

  it('are refused for a run that is too long for memory', async () => {
    await withBars(20_000_000);
    expect((await get('indicators')).json()).toMatchObject({ status: 422, detail: expect.stringContaining('too many') });
  });

  it("hold what was plotted at its bars, and no other symbol's", async () => {
    await withBars();
    const { checkpoint } = (await service.store.get('local', id))!;
    const chunks = createChunkStore(service.artifacts);
    const empty = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, new Float64Array(0)]));
    const column = (...values: number[]) => Float64Array.from(values);
    const chunk = await chunks.append('local', {
      previous: null,
      fromBar: 0,
      toBar: 0,
      curve: empty(CURVE_COLUMNS) as never,
      trades: empty(TRADE_COLUMNS) as never,
      orders: empty(ORDER_COLUMNS) as never,
      logs: [],
      plots: { ts: column(DAY(1), DAY(1), DAY(3)), name: column(0, 0, 1), symbol: column(0, 1, 1), value: column(0.25, 0.75, -1) },
    });
    const store = createCheckpointStore(service.artifacts);
    const state = { kind: 'orders', of: { tags: [''], plots: { names: ['weight', 'score'], values: 3 }, memory: null } };
    const next = await store.write('local', { ...(await store.read(checkpoint!)), chunk, state });
    await service.project(id, { status: 'running', checkpoint: next });
    const { columns } = (await get('indicators?symbol=IBM')).json();
    expect(columns).toMatchObject({ weight: [null, 0.75, null, null], score: [null, null, null, -1] });
    expect((await get('indicators?symbol=AAPL')).json().columns).toMatchObject({ weight: [null, 0.25, null, null] });
  });
});
