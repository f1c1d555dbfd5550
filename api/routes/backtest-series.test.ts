import { tableFromIPC } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCheckpointStore } from '../../artifacts/checkpoints.ts';
import { createChunkStore } from '../../artifacts/chunks.ts';
import { sampleRef } from '../../results/sample-result.ts';
import { orderCode, TRADE_COLUMNS } from '../../shared/series.ts';
import { curveOf, ordersOf, storedResult, tradesOf, type TradeRow } from '../test-results.ts';
import { startTestService, type TestService } from '../test-service.ts';

const DAY_MS = 86_400_000;
const day = (number: number): number => Date.UTC(2004, 0, 1) + number * DAY_MS;

const tradeRow = (...values: number[]) => Object.fromEntries(TRADE_COLUMNS.map((name, index) => [name, values[index]])) as TradeRow;
const long = tradeRow(0, 10, day(1), 100, 1, day(4), 110, 4, 1000, 1100, 98, 2, -0.05, 0.125, 1, 0);
const short = tradeRow(1, -4, day(6), 50, 6, day(7), 60, 7, 200, 240, -40, 0, -0.2, 0, 0, 1);

let service: TestService;
let id: string;
beforeEach(async () => {
  service = await startTestService();
  id = (await service.submit({ data: { source: 'sample', symbols: ['AAPL', 'IBM'] } })).id;
});
afterEach(() => service.close());

const equity = async (query = '') => (await service.get(`/v1/backtests/${id}/equity?${query}`)).json();
const trades = async (query = '') => (await service.get(`/v1/backtests/${id}/trades?${query}`)).json();
const csv = async (path: string): Promise<Record<string, string>[]> => {
  const answer = await service.get(`/v1/backtests/${id}/${path}`);
  expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
  return parse(answer.body, { columns: true });
};

describe('the equity of a finished run', () => {
  const curve = [100, 120, 90, 0.1 + 0.2, 110];
  beforeEach(async () => {
    await service.project(id, { status: 'completed', result: await storedResult(service.artifacts, curve) });
  });

  it('comes as columns of equal length, with null for what is missing', async () => {
    expect(await equity()).toEqual({
      columns: {
        time: [0, 1, 2, 3, 4].map((number) => new Date(day(number)).toISOString()),
        equity: curve,
        cash: curve,
        exposure: [0, 0, 0, 0, 0],
        drawdown: [0, 0, 90 / 120 - 1, (0.1 + 0.2) / 120 - 1, 110 / 120 - 1],
        benchmark: [null, null, null, null, null],
      },
      rows: 5,
    });
  });

  it('comes as CSV whose numbers read back as the same values', async () => {
    const rows = await csv('equity?format=csv');
    expect(rows.map((row) => Number(row['equity']))).toEqual(curve);
    expect(rows[2]).toEqual({
      time: '2004-01-03T00:00:00.000Z',
      equity: '90',
      cash: '90',
      exposure: '0',
      drawdown: '-0.25',
      benchmark: '',
    });
  });

  it('can be cut to a range: days are whole, a timestamp that ends it is not in it', async () => {
    expect((await equity('from=2004-01-02&to=2004-01-04')).columns.equity).toEqual(curve.slice(1, 4));
    expect((await equity('from=2004-01-02T00:00:00Z&to=2004-01-04T00:00:00Z')).columns.equity).toEqual(curve.slice(1, 3));
    expect(await equity('from=2005-01-01')).toMatchObject({ rows: 0, columns: { time: [] } });
  });

  it.each(['points=3', 'points=x', 'from=yesterday', 'format=xml', 'form=csv'])('refuses %s', async (query) => {
    expect(await equity(query)).toMatchObject({ status: 422, code: 'invalid_request', errors: [{ path: query.split('=')[0] }] });
  });
});

describe('the equity of a long run', () => {
  const curve = Array.from({ length: 20_000 }, (_, index) => 1_000 + (index % 97));
  curve[7_777] = 5_000;
  curve[12_345] = 1;
  beforeEach(async () => {
    await service.project(id, { status: 'completed', result: await storedResult(service.artifacts, curve) });
  });

  it.each([40, 500, 6_000])('keeps its peak and its fall in %i points', async (points) => {
    const { columns, rows } = await equity(`points=${points}`);
    expect(rows).toBeLessThanOrEqual(points);
    expect(rows).toBeGreaterThan(points / 4);
    expect(Math.max(...columns.equity)).toBe(5_000);
    expect(Math.min(...columns.equity)).toBe(1);
    expect(columns.time).toEqual(columns.time.toSorted());
  });

  it('is whole without a number of points, in both formats', async () => {
    expect((await equity()).columns.equity).toEqual(curve);
    expect((await csv('equity?format=csv')).map((row) => Number(row['equity']))).toEqual(curve);
  });

  it('is read from the curve where the thinned levels have too few points in the range', async () => {
    const { columns } = await equity('from=2004-01-01&to=2004-01-31&points=1000');
    expect(columns.equity).toEqual(curve.slice(0, 31));
  });
});

describe('the trades of a finished run', () => {
  beforeEach(async () => {
    await service.project(id, {
      status: 'completed',
      result: await storedResult(service.artifacts, [1], { trades: [long, short], words: { tags: ['', 'dip'], lines: [] } }),
    });
  });

  it('come as columns with symbols, sides, times and returns', async () => {
    expect(await trades()).toEqual({
      columns: {
        symbol: ['AAPL', 'IBM'],
        side: ['long', 'short'],
        size: [10, -4],
        entryTime: ['2004-01-02T00:00:00.000Z', '2004-01-07T00:00:00.000Z'],
        entryPrice: [100, 50],
        entryBar: [1, 6],
        exitTime: ['2004-01-05T00:00:00.000Z', '2004-01-08T00:00:00.000Z'],
        exitPrice: [110, 60],
        exitBar: [4, 7],
        pnl: [98, -40],
        return: [98 / 1_000, -40 / 200],
        fees: [2, 0],
        bars: [3, 1],
        mae: [-0.05, -0.2],
        mfe: [0.125, 0],
        entryTag: ['dip', null],
        exitReason: ['signal', 'end'],
      },
      rows: 2,
    });
  });

  it('come as CSV, chosen by their time of entry', async () => {
    const rows = await csv('trades?format=csv&from=2004-01-03');
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ symbol: 'IBM', side: 'short', size: '-4', return: '-0.2', exitReason: 'end' });
  });
});

describe('the orders of a finished run', () => {
  const row = { ts: day(2), bar: 2, symbol: 1, order: 7, price: NaN, filledPrice: NaN, filledSize: 0, fee: 0, size: 5, side: 1 };
  const filled = {
    ...row,
    type: orderCode.type('stop-limit'),
    price: 51.5,
    status: orderCode.status('filled'),
    filledSize: 5,
    filledPrice: 51.25,
    fee: 1,
    reason: orderCode.reason('none'),
  };
  const rejected = {
    ...row,
    ts: day(3),
    side: -1,
    size: NaN,
    type: orderCode.type('market'),
    status: orderCode.status('rejected'),
    reason: orderCode.reason('no_money'),
  };
  beforeEach(async () => {
    const words = { tags: [''], lines: [{ bar: 2, ts: day(2), message: 'Bought, "as planned"' }] };
    const result = await storedResult(service.artifacts, [1], { orders: [filled, rejected], words });
    await service.project(id, { status: 'completed', result });
  });

  it('come with words for their kind, status and reason', async () => {
    expect((await service.get(`/v1/backtests/${id}/orders`)).json()).toEqual({
      columns: {
        symbol: ['IBM', 'IBM'],
        time: ['2004-01-03T00:00:00.000Z', '2004-01-04T00:00:00.000Z'],
        bar: [2, 2],
        order: [7, 7],
        type: ['stop-limit', 'market'],
        side: ['buy', 'sell'],
        size: [5, null],
        price: [51.5, null],
        status: ['filled', 'rejected'],
        filledSize: [5, 0],
        filledPrice: [51.25, null],
        fee: [1, 0],
        reason: [null, 'no_money'],
      },
      rows: 2,
    });
    expect(await csv('orders?format=csv&from=2004-01-04')).toMatchObject([{ side: 'sell', size: '', reason: 'no_money' }]);
  });

  it('come as an Arrow stream', async () => {
    const answer = await service.get(`/v1/backtests/${id}/orders?format=arrow`);
    expect(answer.headers['content-type']).toBe('application/vnd.apache.arrow.stream');
    expect(tableFromIPC(answer.rawPayload).get(1)?.toJSON()).toMatchObject({ status: 'rejected', reason: 'no_money', time: day(3) });
  });

  it('stand beside what the strategy logged', async () => {
    expect(await csv('logs?format=csv')).toEqual([{ time: '2004-01-03T00:00:00.000Z', bar: '2', message: 'Bought, "as planned"' }]);
  });
});

describe('the series of a run that goes on, or was stopped', () => {
  const simulated = async () => {
    const chunks = createChunkStore(service.artifacts);
    const slice = (from: number, values: number[], rows: TradeRow[]) => {
      const { drawdown: _drawdown, benchmark: _benchmark, ...curve } = curveOf(values);
      return {
        fromBar: from,
        toBar: from + values.length,
        curve: { ...curve, ts: curve.ts.map((ts) => ts + from * DAY_MS) },
        trades: tradesOf(rows),
        orders: ordersOf([]),
        logs: [],
      };
    };
    const first = await chunks.append('local', { previous: null, ...slice(0, [100_000, 110_000], [long]) });
    const second = await chunks.append('local', { previous: first, ...slice(2, [99_000], [short]) });
    const counters = { slices: 2, attempts: 2, cpuSeconds: 1 };
    return createCheckpointStore(service.artifacts).write('local', {
      ...counters,
      dataset: sampleRef,
      bar: 3,
      total: 9,
      ended: null,
      chunk: second,
      state: { kind: 'signals', of: {} },
    });
  };

  it.each(['running', 'paused', 'cancelled', 'failed'] as const)('reach up to the last checkpoint when it is %s', async (status) => {
    await service.project(id, { status, checkpoint: await simulated() });
    const { columns } = await equity();
    expect(columns.equity).toEqual([100_000, 110_000, 99_000]);
    expect(columns.drawdown).toEqual([0, 0, 99_000 / 110_000 - 1]);
    expect(columns.time[2]).toBe('2004-01-03T00:00:00.000Z');
    expect((await trades()).columns.symbol).toEqual(['AAPL', 'IBM']);
    expect((await equity('points=4')).rows).toBe(3);
  });

  it('are empty before the first checkpoint', async () => {
    expect(await equity()).toMatchObject({ rows: 0, columns: { time: [], equity: [] } });
    expect((await csv('trades?format=csv')).length).toBe(0);
  });
});
