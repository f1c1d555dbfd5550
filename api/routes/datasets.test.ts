import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../shared/problem.ts';
import { createOwnersMarketData } from '../../market-data/uploads/owners.ts';
import { createDatasetStore } from '../../market-data/dataset-store.ts';
import { bundledSources } from '../../market-data/catalog.ts';
import { BacktestSpec } from '../../shared/spec.ts';
import { startTestService, type TestService } from '../test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

const HEADER = 'ts,open,high,low,close,volume';
const upload = (address: string, payload: string | Buffer, type = 'text/csv') =>
  service.call('POST', `/v1/datasets?${address}`, { payload, headers: { 'content-type': type } });
const messages = (problem: Problem): string[] => problem.errors.map(({ path, message }) => `${path}: ${message}`);
const refused = async (rows: string[], address = 'name=bad&symbol=A', header = HEADER): Promise<string[]> => {
  const answer = await upload(address, [header, ...rows].join('\n'));
  expect(answer.statusCode).toBe(422);
  expect(answer.json<Problem>().code).toBe('bad_data');
  return messages(answer.json());
};

async function barsOf(source: string, symbols: string[], data: object = {}) {
  const { artifacts, store } = service;
  const marketData = createOwnersMarketData({ sources: bundledSources(), artifacts }, store).of('local');
  const spec = BacktestSpec.parse({ data: { source, symbols, ...data }, strategy: { name: 'sma-cross' } });
  return (await createDatasetStore(artifacts).read(await marketData.fetch(spec, new AbortController().signal))).instruments;
}

describe('an upload', () => {
  it('becomes a source of its owner, with coverage, quality and the columns that expressions may name', async () => {
    // Newest first, with a byte order mark, quotes and the line ends of Windows.
    const text = `\uFEFF${HEADER},signal\r\n2024-01-03,11,12,10,"11.5",200,\r\n2024-01-02,10,11,9,10.5,100,0.5\r\n`;
    const answer = await upload('name=mine&symbol=MINE', text);
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['location']).toBe('/v1/datasets/upload:mine/symbols');
    const listed = (await service.get('/v1/datasets')).json().items.find(({ source }: { source: string }) => source === 'upload:mine');
    expect(listed).toMatchObject({
      title: 'mine',
      timeframes: ['1d'],
      columns: ['signal'],
      coverage: { symbols: 1, from: '2024-01-02', to: '2024-01-03', bars: 2 },
      quality: { bars: 2, findings: [] },
    });
    const quality = { checkedAt: expect.any(String), timeframe: '1d', calendar: 'symbols', bars: 2, findings: [] };
    const days = { from: '2024-01-02T00:00:00.000Z', to: '2024-01-03T00:00:00.000Z' };
    expect((await service.get('/v1/datasets/upload:mine/symbols')).json().items).toEqual([
      {
        symbol: 'MINE',
        from: '2024-01-02',
        to: '2024-01-03',
        bars: 2,
        timeframe: '1d',
        columns: ['signal'],
        quality: { ...quality, ...days },
      },
    ]);
    const [bars] = await barsOf('upload:mine', ['MINE']);
    expect(bars).toEqual({
      symbol: 'MINE',
      ts: Float64Array.of(Date.UTC(2024, 0, 2), Date.UTC(2024, 0, 3)),
      open: Float64Array.of(10, 11),
      high: Float64Array.of(11, 12),
      low: Float64Array.of(9, 10),
      close: Float64Array.of(10.5, 11.5),
      volume: Float64Array.of(100, 200),
      extra: { signal: Float64Array.of(0.5, NaN) },
    });
  });

  it('may have many symbols, times of every common form, and names in capitals', async () => {
    const rows = [
      ['2024-01-02T14:30:00Z', 'B', 1],
      [1_704_205_860, 'B', 2],
      [1_704_205_920_000, 'A', 3],
      [1_704_205_980_000_000, 'A', 4],
      ['2024-01-02 15:34:00+01:00', 'A', 5],
    ].map(([ts, symbol, price]) => [ts, symbol, price, price, price, price, 0].join(','));
    await upload('name=forms&timeframe=1m', ['Ts,Symbol,Open,High,Low,Close,Volume', ...rows].join('\n'));
    const [a, b] = await barsOf('upload:forms', ['A', 'B'], { timeframe: '1m' });
    const minute = (number: number) => Date.UTC(2024, 0, 2, 14, 30 + number);
    expect([...a!.ts, ...b!.ts]).toEqual([minute(2), minute(3), minute(4), minute(0), minute(1)]);
    expect([...a!.close, ...b!.close]).toEqual([3, 4, 5, 1, 2]);
  });

  it('may be Parquet', async () => {
    const day = (number: number) => new Date(Date.UTC(2024, 0, number));
    const column = (name: string, data: number[]) => ({ name, data, type: 'DOUBLE' as const });
    const columnData = [
      { name: 'ts', data: [day(3), day(2)], type: 'TIMESTAMP' as const },
      ...['open', 'high', 'low', 'close', 'volume'].map((name) => column(name, [2, 1])),
    ];
    const answer = await upload('name=pq&symbol=P', Buffer.from(parquetWriteBuffer({ columnData })), 'application/vnd.apache.parquet');
    expect(answer.statusCode).toBe(201);
    expect((await barsOf('upload:pq', ['P']))[0]!.close).toEqual(Float64Array.of(1, 2));
  });

  it('may have a column of any name, also one by which rows are counted here', async () => {
    await upload('name=counted&symbol=A', `${HEADER},line,bad\n2024-01-02,1,1,1,1,0,7,8`);
    expect((await barsOf('upload:counted', ['A']))[0]!.extra).toEqual({ line: Float64Array.of(7), bad: Float64Array.of(8) });
  });

  it('is replaced by a later one of its name', async () => {
    await upload('name=again&symbol=A', `${HEADER}\n2024-01-02,1,1,1,1,0`);
    const [before] = await barsOf('upload:again', ['A']);
    await upload('name=again&symbol=A', `${HEADER}\n2024-01-02,2,2,2,2,0`);
    const [after] = await barsOf('upload:again', ['A']);
    expect([before!.close[0], after!.close[0]]).toEqual([1, 2]);
  });

  it('belongs to its owner alone, and so do the datasets that are made of it', async () => {
    await upload('name=private&symbol=A', `${HEADER}\n2024-01-02,1,1,1,1,0`);
    const { artifacts, store } = service;
    const eves = createOwnersMarketData({ sources: bundledSources(), artifacts }, store).of('eve');
    const spec = BacktestSpec.parse({ data: { source: 'upload:private', symbols: ['A'] }, strategy: { name: 'sma-cross' } });
    expect((await eves.check(spec)).faults).toEqual([expect.objectContaining({ path: 'data.source' })]);
    await expect(eves.cached(spec)).rejects.toMatchObject({ code: 'invalid_spec' });
    expect((await eves.sources()).map(({ source }) => source)).not.toContain('upload:private');
    const mine = createOwnersMarketData({ sources: bundledSources(), artifacts }, store).of('local');
    expect((await mine.fetch(spec, new AbortController().signal)).uri).toMatch(/^local\//);
  });

  it('is gone when it is removed; what is no upload cannot be', async () => {
    await upload('name=gone&symbol=A', `${HEADER}\n2024-01-02,1,1,1,1,0`);
    expect((await service.call('DELETE', '/v1/datasets/upload:gone')).statusCode).toBe(204);
    expect((await service.call('DELETE', '/v1/datasets/upload:gone')).statusCode).toBe(404);
    expect((await service.call('DELETE', '/v1/datasets/sample')).statusCode).toBe(404);
    expect((await service.get('/v1/datasets/upload:gone/symbols')).statusCode).toBe(404);
  });

  it('lets a rule name its columns, and names those that there are when it does not have one', async () => {
    await upload('name=rules&symbol=A', `${HEADER},signal\n2024-01-02,1,1,1,1,0,1`);
    const strategy = (enterLong: string) => ({ rules: { enterLong, exitLong: 'signal < 0' } });
    const data = { source: 'upload:rules', symbols: ['A'] };
    expect((await service.post('/v1/backtests', { data, strategy: strategy('signal > 0') })).statusCode).toBe(202);
    expect((await service.post('/v1/backtests', { data, strategy: strategy('signl > 0') })).json().errors).toEqual([
      expect.objectContaining({ path: 'strategy.rules.enterLong' }),
    ]);
  });

  it('says what was found in its bars, and leaves it to each run what is done about it', async () => {
    const answer = await upload('name=flawed&symbol=A', `${HEADER}\n2024-01-02,1,1,2,1,0\n2024-01-03,1,1,1,1,0`);
    expect(answer.json().quality.findings).toContainEqual(expect.objectContaining({ check: 'ohlc', symbol: 'A', count: 1 }));
  });
});

describe('a file that is not fit', () => {
  it('is refused with every fault at once, by column and line', async () => {
    const rows = ['2024-01-02,1,1,1,"1,5",0', 'yesterday,1,1,1,1,0', '2024-01-04,1,1,1,,0', '2024-01-05,1,nan,1,1_000,0'];
    expect(await refused(rows)).toEqual([
      'ts: line 3: "yesterday" is not a time: write 2024-01-31, 2024-01-31T14:30:00Z, or a number since 1970',
      'high: line 5: "nan" is not a number: write decimals with a point, and nothing between thousands',
      'close: line 2: "1,5" is not a number: write decimals with a point, and nothing between thousands; so are 2 more lines',
    ]);
  });

  it.each([
    [
      'columns that are missing or there twice, and names that no expression could have',
      'ts,open,high,low,close,Open,my-signal',
      [/"volume" is missing/, /"Open" is there twice/, /"my-signal" is not a name/],
    ],
    ['other separators', 'ts;open;high;low;close;volume', [/separated by commas/]],
    ['no header', '', [/no header/]],
    ['a quote that is open', 'ts,"open,high', [/quote/]],
    [
      'a million columns',
      Array.from({ length: 1_000_000 }, (_, k) => `c${k}`)
        .join(',')
        .slice(0, 900_000),
      [/longer than 65536 bytes/],
    ],
    ['more columns than are stored', `${HEADER},${Array.from({ length: 102 }, (_, k) => `c${k}`).join(',')}`, [/there are 108 columns/]],
  ])('is refused for its header: %s', async (_, header, patterns) => {
    const faults = await refused(['2024-01-02,1,1,1,1,0'], 'name=bad&symbol=A', header);
    expect(faults).toEqual(patterns.map((pattern) => expect.stringMatching(pattern)));
  });

  it.each([
    ['no bars', [], /not a single bar/],
    ['a row that is too short', ['2024-01-02,1,1'], /line 2 has 3 columns/],
    ['a row that is too long', ['2024-01-02,1,1,1,1,0', '2024-01-03,1,1,1,1,0,7'], /line 3/],
    ['a quote that is never closed', ['2024-01-02,1,1,1,1,"0', '2024-01-03,1,1,1,1,0'], /quote/],
    ['a time that is there twice', ['2024-01-02,1,1,1,1,0', '2024-01-02,2,2,2,2,0'], /line 3 .*already, in line 2/],
    ['daily bars with a time of the day', ['2024-01-02T05:00:00Z,1,1,1,1,0'], /carries a date/],
  ])('is refused for its rows: %s', async (_, rows, pattern) => {
    expect(await refused(rows)).toEqual([expect.stringMatching(pattern)]);
  });

  it('is refused where its bars are nearer to each other than they are long', async () => {
    const rows = ['2024-01-02T10:00:00Z,1,1,1,1,0', '2024-01-02T10:05:00Z,1,1,1,1,0'];
    expect(await refused(rows, 'name=bad&symbol=A&timeframe=1h')).toEqual([expect.stringMatching(/300 s after/)]);
  });

  it('is refused when nothing says of which symbol it is, or its name cannot be one', async () => {
    expect(await refused(['2024-01-02,1,1,1,1,0'], 'name=bad')).toEqual([expect.stringMatching(/no column "symbol"/)]);
    expect((await upload('name=No%20name', HEADER)).statusCode).toBe(422);
  });

  it('is refused as Parquet when it is none, and when it would become too large', async () => {
    expect(
      (await upload('name=bad', Buffer.from('PAR1 not really PAR1'), 'application/octet-stream')).json<Problem>().errors[0]!.message,
    ).toMatch(/not a Parquet file/);
    // The same number again and again: some kilobytes, and 14 MB of columns.
    const data = new Float64Array(300_000).fill(1);
    const columnData = ['ts', 'open', 'high', 'low', 'close', 'volume'].map((name) => ({ name, data, type: 'DOUBLE' as const }));
    const bomb = Buffer.from(parquetWriteBuffer({ columnData }));
    expect(bomb.length).toBeLessThan(500_000);
    expect((await upload('name=bad&symbol=A', bomb, 'application/octet-stream')).statusCode).toBe(413);
  });

  it('is refused when it is too long, or of another type', async () => {
    expect((await upload('name=bad&symbol=A', 'x'.repeat(2 ** 20 + 1))).statusCode).toBe(413);
    // What curl says of a body by itself.
    for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
      const answer = await upload('name=bad&symbol=A', '{}', type);
      expect(answer.json()).toMatchObject({ status: 415, detail: expect.stringContaining('text/csv') });
    }
  });
});
