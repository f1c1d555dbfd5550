import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestService, type TestService } from '../api/test-service.ts';
import { createDatasetStore } from '../market-data/dataset-store.ts';
import { runCli } from './program.ts';

let service: TestService;
let url: string;
let folder: string;
beforeAll(async () => {
  service = await startTestService();
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(service.app.server.address() as AddressInfo).port}`;
  folder = mkdtempSync(path.join(tmpdir(), 'cli-data-'));
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

async function holdfast(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const context = {
    env: { HOLDFAST_URL: url },
    stdin: Readable.from([]),
    stdout,
    stderr: stderr as unknown as NodeJS.WriteStream,
    untilInterrupted: () => new AbortController().signal,
    status: 0,
  };
  const status = await runCli(args, context);
  stdout.end();
  stderr.end();
  return { status, out: await text(stdout), err: await text(stderr) };
}

function file(name: string, content: string | Uint8Array): string {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
}

/** What is stored under a name, by symbol: times as text, closes, and a further column. */
async function stored(name: string, column?: string) {
  const upload = await service.store.getUpload('local', name);
  const { instruments } = await createDatasetStore(service.artifacts).read(upload!.ref);
  const bars = instruments.map(({ symbol, ts, close, volume, extra }) => [
    symbol,
    ...Array.from(ts, (time, row) => [
      new Date(time).toISOString().slice(0, 16),
      close[row],
      volume[row],
      ...(column === undefined ? [] : [extra![column]![row]]),
    ]),
  ]);
  return { timeframe: upload!.timeframe, bars };
}

const KRAKEN = '1704067200,10,12,9,11,5.5,3\n1704070800,11,13,10,12,6.5,4\n';
const BINANCE = (epoch: string) => `${epoch},10,12,9,11,5.5,9,50.5,7,2,20,0\n`;

describe('holdfast data import', () => {
  it('reads Yahoo, without the days of which it knows nothing', async () => {
    const yahoo = file(
      'AAPL.csv',
      'Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,10,12,9,11,10.5,100\n2024-01-03,null,null,null,null,null,null\n2024-01-04,11,13,10,12,11.5,200\n',
    );
    // Two days are between the bars: what they are has to be said.
    const { status, out } = await holdfast('data', 'import', yahoo, '--timeframe', '1d');
    expect([status, out]).toEqual([0, expect.stringContaining('Stored 2 bars of 1d (Yahoo) as upload:aapl')]);
    expect(await stored('aapl', 'adjClose')).toEqual({
      timeframe: '1d',
      bars: [['AAPL', ['2024-01-02T00:00', 11, 100, 10.5], ['2024-01-04T00:00', 12, 200, 11.5]]],
    });
  });

  it('reads Stooq, both as it is downloaded and in bulk', async () => {
    const download = file('aapl_us_d.csv', 'Date,Open,High,Low,Close\n2024-01-02,10,12,9,11\n2024-01-03,11,13,10,12\n');
    await holdfast('data', 'import', download, '--name', 'stooq');
    expect(await stored('stooq')).toEqual({ timeframe: '1d', bars: [['AAPL', ['2024-01-02T00:00', 11, 0], ['2024-01-03T00:00', 12, 0]]] });
    const bulk = file(
      'bulk.txt',
      '<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\nIBM.US,5,20240102,153000,10,12,9,11,100,0\nIBM.US,5,20240102,153500,11,13,10,12,200,0\n',
    );
    await holdfast('data', 'import', bulk);
    expect(await stored('ibm-us')).toEqual({
      timeframe: '5m',
      bars: [['IBM.US', ['2024-01-02T15:30', 11, 100], ['2024-01-02T15:35', 12, 200]]],
    });
  });

  it('reads Binance in milli- and in microseconds, zipped, month after month', async () => {
    const january = file(
      'BTCUSDT-1m-2024-12.zip',
      zipSync({ 'BTCUSDT-1m-2024-12.csv': strToU8(BINANCE('1735603200000') + BINANCE('1735603260000')) }),
    );
    const february = file('BTCUSDT-1m-2025-01.zip', zipSync({ 'BTCUSDT-1m-2025-01.csv': strToU8(BINANCE('1735689600000000')) }));
    const { out } = await holdfast('data', 'import', january, february);
    expect(out).toContain('Stored 3 bars of 1m (Binance) as upload:btcusdt');
    const { bars } = await stored('btcusdt', 'trades');
    expect(bars).toEqual([
      ['BTCUSDT', ['2024-12-31T00:00', 11, 5.5, 7], ['2024-12-31T00:01', 11, 5.5, 7], ['2025-01-01T00:00', 11, 5.5, 7]],
    ]);
  });

  it('reads Kraken, several symbols at once', async () => {
    const { status } = await holdfast('data', 'import', file('XBTUSD_60.csv', KRAKEN), file('ETHUSD_60.csv', KRAKEN), '--name', 'kraken');
    expect(status).toBe(0);
    const rows = [
      ['2024-01-01T00:00', 11, 5.5, 3],
      ['2024-01-01T01:00', 12, 6.5, 4],
    ];
    expect(await stored('kraken', 'trades')).toEqual({
      timeframe: '1h',
      bars: [
        ['ETHUSD', ...rows],
        ['XBTUSD', ...rows],
      ],
    });
  });

  it('reads any other file with a header, and makes names for expressions of those of its columns', async () => {
    const own = file(
      'own.csv',
      '\uFEFFTimestamp,Symbol,Open,High,Low,Close,Volume,My Signal\r\n2024-01-02,A,1,1,1,1,0,0.5\r\n2024-01-03,A,2,2,2,2,0,\r\n',
    );
    await holdfast('data', 'import', own, '--name', 'own');
    expect((await stored('own', 'mySignal')).bars).toEqual([['A', ['2024-01-02T00:00', 1, 0, 0.5], ['2024-01-03T00:00', 2, 0, NaN]]]);
  });

  it('refuses a layout that it does not know, a file that is not there, and shows what the service refuses', async () => {
    expect(await holdfast('data', 'import', file('what.csv', 'a,b\n1,2\n'))).toMatchObject({
      status: 2,
      err: expect.stringContaining('is not known'),
    });
    expect(await holdfast('data', 'import', 'nowhere.csv')).toMatchObject({
      status: 2,
      err: expect.stringContaining('There is no file nowhere.csv'),
    });
    const wrong = file('X.csv', 'Date,Open,High,Low,Close,Volume\n2024-01-02,1,1,1,x,0\n');
    expect(await holdfast('data', 'import', wrong)).toMatchObject({
      status: 2,
      err: expect.stringContaining('close: line 2: "x" is not a number'),
    });
  });
});

describe('holdfast data', () => {
  it('lists sources and symbols, and removes uploads', async () => {
    await holdfast('data', 'import', file('GONE_60.csv', KRAKEN), '--name', 'gone');
    expect((await holdfast('data', 'list')).out).toContain('upload:gone');
    expect((await holdfast('data', 'symbols', 'upload:gone')).out).toMatch(/GONE +2024-01-01/);
    expect((await holdfast('data', 'remove', 'gone')).status).toBe(0);
    expect((await holdfast('data', 'list')).out).not.toContain('upload:gone');
    expect((await holdfast('data', 'remove', 'gone')).status).toBe(1);
  });
});
