import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openDoubles, type Doubles } from './backend.ts';
import type { FaultDouble } from './faults.ts';
import { fetched, minuteRows, request, rowsOf, sourceOn } from './rows.ts';

// Of the doubles, wherever the rest of the suite reads from: what goes wrong cannot be ordered elsewhere.
const rows = minuteRows();
const of = (symbol: string) => rows.filter((row) => row.symbol === symbol);
const all = [...of('BBB'), ...of('AAA')];
const MANY = 60_000;

let doubles: Doubles;
const given = { ...process.env };
beforeAll(async () => {
  doubles = await openDoubles();
  Object.assign(process.env, doubles.env);
  await doubles.table('minutes', rows);
  const many = `SELECT (['AAA', 'BBB'])[1 + i % 2] AS ticker, make_timestamptz(1710000000000000 + (i // 2) * 60000000) AS ts, 10.5 AS open, 11.0 AS high, 10.0 AS low, 10.25 AS close, CAST(i AS BIGINT) AS volume FROM range(${2 * MANY}) r(i)`;
  await doubles.warehouse.table('acme-data.market.many', many);
});
afterEach(() => {
  doubles.faults.clear();
  Object.assign(process.env, doubles.env);
});
afterAll(async () => {
  process.env = given;
  await doubles.close();
});

const jobs = () => [...doubles.warehouse.jobs.values()].filter(({ id }) => id.startsWith('holdfast_bars'));

describe('an answer that may be another one later', () => {
  it.each<FaultDouble>([
    { match: /POST .*jobs$/, times: 2, status: 403, reason: 'rateLimitExceeded' },
    { match: /POST .*jobs$/, times: 2, status: 403, reason: 'jobRateLimitExceeded' },
    { match: /POST .*jobs$/, times: 2, status: 503, reason: 'backendError' },
    { match: /POST .*jobs$/, times: 1, status: 429, reason: 'rateLimitExceeded', headers: { 'retry-after': '0' } },
    { match: /GET .*jobs/, times: 2, status: 500, reason: 'internalError' },
    { match: /GET .*jobs/, times: 1, cut: true },
    { match: /POST .*jobs$/, times: 1, cut: true },
  ])('is asked for again: $status $reason $match', async (fault) => {
    const before = jobs().length;
    const source = sourceOn(doubles);
    await source.symbols();
    doubles.faults.add(fault);
    const { bars } = await fetched(source, request());
    expect(rowsOf(bars)).toEqual(all);
    expect(doubles.faults.left()).toBe(0);
    // However often it was asked, and whether or not the answer arrived: one query was run, and is billed.
    expect(jobs().length - before).toBe(1);
  });

  it('is waited for as long as the server says', async () => {
    const source = sourceOn(doubles);
    await source.symbols();
    doubles.faults.add({ match: /POST .*jobs$/, times: 1, status: 503, reason: 'backendError', headers: { 'retry-after': '2' } });
    const started = performance.now();
    await fetched(source, request());
    expect(performance.now() - started).toBeGreaterThan(1_990);
  });
});

it.each([
  { status: 403, reason: 'accessDenied', code: 'source_refused', advice: 'roles/bigquery.jobUser' },
  { status: 403, reason: 'billingNotEnabled', code: 'source_refused', advice: 'billing' },
  { status: 403, reason: 'quotaExceeded', code: 'source_over_quota', advice: 'quota' },
  { status: 400, reason: 'invalidQuery', code: 'source_refused', advice: 'columns' },
])('an answer that stays is told at once, with what to do: $reason', async ({ status, reason, code, advice }) => {
  const source = sourceOn(doubles);
  await source.symbols();
  doubles.faults.add({ match: /POST .*jobs$/, times: 2, status, reason });
  await expect(fetched(source, request())).rejects.toMatchObject({ code, message: expect.stringContaining(advice) });
  expect(doubles.faults.left()).toBe(1);
});

it('refuses a query that would scan more than a run may, before anything is billed', async () => {
  const source = sourceOn(doubles, { table: 'many', caps: { perRunBytes: 10 * 2 ** 20 } });
  await doubles.warehouse.table('acme-data.market.wide', 'SELECT t.*, 1 AS n FROM "acme-data.market.many" t CROSS JOIN range(4)');
  const before = jobs().length;
  const wide = sourceOn(doubles, { table: 'wide', caps: { perRunBytes: 10 * 2 ** 20 } });
  await expect(fetched(source, request())).resolves.toBeDefined();
  await expect(fetched(wide, request())).rejects.toMatchObject({
    code: 'scan_too_large',
    message: expect.stringContaining('caps.perRunBytes'),
  });
  expect(jobs().length - before).toBe(1);
});

describe('the job of an earlier try', () => {
  it('gives way to a next one when it failed', async () => {
    const at = Date.now();
    const source = sourceOn(doubles);
    const { origin } = await fetched(source, request(), { at });
    doubles.warehouse.jobs.get(origin.job!)!.error = { reason: 'backendError', message: 'gone wrong' };
    const again = await fetched(source, request(), { at });
    expect(again.origin.job).toBe(`${origin.job}_1`);
    expect(rowsOf(again.bars)).toEqual(all);
  });

  it('gives way to a next one when its rows have gone', async () => {
    const at = Date.now();
    const source = sourceOn(doubles);
    const { origin } = await fetched(source, request(), { at });
    doubles.warehouse.jobs.get(origin.job!)!.endTime -= 24 * 3_600_000;
    expect((await fetched(source, request(), { at })).origin.job).toBe(`${origin.job}_1`);
  });
});

describe('time travel', () => {
  const textOf = (job: string | undefined) => doubles.warehouse.jobs.get(job!)!.text;

  it('pins the table to the time of the first try', async () => {
    const at = Date.now() - 3 * 86_400_000;
    const { origin } = await fetched(sourceOn(doubles, { snapshot: true }), request(), { at });
    expect(textOf(origin.job)).toContain(`FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(${at - 1_000})`);
    expect(origin.snapshot).toBe(new Date(at - 1_000).toISOString());
    expect(origin.revised).toBeUndefined();
  });

  it('ends after seven days, which is said', async () => {
    const { origin } = await fetched(sourceOn(doubles, { snapshot: true }), request(), { at: Date.now() - 8 * 86_400_000 });
    expect(textOf(origin.job)).not.toContain('SYSTEM_TIME');
    expect(origin).toMatchObject({ snapshot: null, revised: true });
  });
});

describe('rows by the Storage Read API', () => {
  const many = () => sourceOn(doubles, { table: 'many' });
  const sound = (bars: Awaited<ReturnType<typeof fetched>>['bars']) => {
    expect(bars.map(({ symbol, ts }) => [symbol, ts.length])).toEqual([
      ['BBB', MANY],
      ['AAA', MANY],
    ]);
    for (const { symbol, ts, volume } of bars) {
      const first = symbol === 'AAA' ? 0 : 1;
      expect(ts.every((time, i) => time === 1_710_000_000_000 + i * 60_000 && volume[i] === 2 * i + first)).toBe(true);
    }
  };

  it('come in several streams at once and leave in the order of time', async () => {
    doubles.storage.log.splice(0);
    const { bars, origin } = await fetched(many(), request());
    sound(bars);
    expect(doubles.storage.log.filter((call) => call.startsWith('ReadRows'))).toHaveLength(4);
    expect(origin.via).toBeUndefined();
  });

  it('go on after a cut where they were', async () => {
    doubles.storage.log.splice(0);
    doubles.faults.add(
      { match: /ReadRows/, times: 2, code: 14, afterRows: 16_384 },
      { match: /ReadRows/, times: 1, code: 13, afterRows: 0 },
    );
    sound((await fetched(many(), request())).bars);
    expect(doubles.faults.left()).toBe(0);
    expect(doubles.storage.log.filter((call) => call.endsWith('from 16384'))).toHaveLength(2);
  });

  it('are read anew, from the same job, when the session has expired halfway', async () => {
    const before = jobs().length;
    doubles.faults.add({ match: /ReadRows/, times: 1, code: 9, afterRows: 16_384 });
    sound((await fetched(many(), request())).bars);
    expect(jobs().length - before).toBe(1);
  });

  // 5: the rows are not where the job says, also when they are looked for again.
  it.each([
    [2, 1],
    [3, 1],
    [5, 2],
    [7, 1],
    [12, 1],
  ])('give way to the REST API where they are not to be had (code %i), and the dataset says so', async (code, times) => {
    doubles.faults.add({ match: /CreateReadSession/, times, code });
    const { bars, origin } = await fetched(sourceOn(doubles), request());
    expect(rowsOf(bars)).toEqual(all);
    expect(origin.via).toBe('rest');
  });

  it('give way to the REST API on an emulator without them', async () => {
    delete process.env['BIGQUERY_STORAGE_EMULATOR_HOST'];
    doubles.faults.add({ match: /GET .*queries/, times: 1, delayMs: 200 }, { match: /GET .*queries/, times: 1, cut: true });
    const { bars, origin } = await fetched(many(), request());
    sound(bars);
    expect(origin.via).toBe('rest');
  });
});

it('reads a table as it is where the server shows no earlier state, and says so', async () => {
  const source = sourceOn(doubles, { snapshot: true });
  await source.symbols();
  const message = 'FOR SYSTEM_TIME AS OF is not supported for views';
  doubles.faults.add({ match: /POST .*jobs$/, times: 1, status: 400, reason: 'invalidQuery', message });
  const { bars, origin } = await fetched(source, request());
  expect(rowsOf(bars)).toEqual(all);
  expect(origin).toMatchObject({ snapshot: null, job: expect.any(String) });
});

it('reads the tables beside the bars as they were when a fetch was first tried, by one job for all its tries, and counts what they cost', async () => {
  await doubles.companion('actions', { columns: { ticker: 'STRING', ex: 'DATE', split: 'FLOAT64' }, rows: [['AAA', '2024-01-02', 2]] });
  const splits = { table: 'actions', columns: { symbol: 'ticker', date: 'ex', ratio: 'split' } };
  const [plain, source] = [sourceOn(doubles, { snapshot: true }), sourceOn(doubles, { snapshot: true, splits })];
  expect((await source.quote!(request())).cost).toBeCloseTo(2 * (await plain.quote!(request())).cost, 12);
  const beside = () => [...doubles.warehouse.jobs.values()].filter(({ id }) => id.startsWith('holdfast_companion'));
  const before = beside().length;
  const at = Date.now();
  const noted: unknown[] = [];
  for (let attempt = 1; attempt <= 2; attempt++) {
    const known = await source.actions!(['AAA'], new AbortController().signal, { at, note: (more) => noted.push(more) });
    expect(known.get('AAA')!.splits.ratio).toEqual(Float64Array.of(2));
  }
  expect(beside().slice(before)).toMatchObject([
    { text: expect.stringContaining(`FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(${at - 1_000})`) },
  ]);
  expect(noted[0]).toEqual({ bytesBilled: expect.any(Number) });
});

it('reads a value that is missing as not a number, so that a check finds it', async () => {
  await doubles.warehouse.table(
    'acme-data.market.holes',
    `SELECT ticker, ts, open, high, low, CASE WHEN volume = 12 THEN NULL ELSE close END AS close, volume FROM "acme-data.market.minutes" WHERE ticker = 'AAA'`,
  );
  for (const storageApi of [true, false]) {
    const { bars } = await fetched(sourceOn(doubles, { table: 'holes', storageApi }), request({ symbols: ['AAA'] }));
    expect(Array.from(bars[0]!.close, Number.isNaN).filter(Boolean)).toHaveLength(1);
    expect(bars[0]!.close[2]).toBeNaN();
  }
});

it('shows a slow bar as unsound when one of those it is made of is', async () => {
  await doubles.warehouse.table(
    'acme-data.market.unsound',
    `SELECT ticker, ts, open, CASE WHEN volume = 12 THEN low - 1 ELSE high END AS high, low, close, volume FROM "acme-data.market.minutes" WHERE ticker = 'AAA'`,
  );
  const { bars } = await fetched(sourceOn(doubles, { table: 'unsound' }), request({ symbols: ['AAA'], timeframe: '5m' }));
  expect(Array.from(bars[0]!.high, Number.isNaN)).toEqual([true, ...Array.from({ length: bars[0]!.ts.length - 1 }, () => false)]);
});

it('says that the table has changed when a column is gone', async () => {
  await doubles.warehouse.table('acme-data.market.drifting', 'SELECT * FROM "acme-data.market.minutes"');
  const source = sourceOn(doubles, { table: 'drifting' });
  await fetched(source, request());
  await doubles.warehouse.table('acme-data.market.drifting', 'SELECT * EXCLUDE (close), close AS last FROM "acme-data.market.minutes"');
  await expect(fetched(source, request())).rejects.toMatchObject({
    code: 'source_refused',
    message: expect.stringContaining('The table may have changed'),
  });
});

it('calls the job off when the fetch is', async () => {
  const slow = await openDoubles({ jobMs: 20_000 });
  try {
    await slow.table('minutes', rows);
    const source = sourceOn(doubles);
    await source.symbols();
    Object.assign(process.env, slow.env);
    const stop = new AbortController();
    const late = sourceOn(slow);
    const fetching = fetched(late, request(), { signal: stop.signal });
    while (slow.warehouse.jobs.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const job of slow.warehouse.jobs.values()) job.runsUntil = job.id.startsWith('holdfast_symbols') ? 0 : job.runsUntil;
    while (slow.warehouse.jobs.size === 1) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort(new Error('called off'));
    await expect(fetching).rejects.toThrow('called off');
    expect([...slow.warehouse.jobs.values()].filter(({ id }) => id.startsWith('holdfast_bars')).map(({ cancelled }) => cancelled)).toEqual([
      true,
    ]);
  } finally {
    await slow.close();
  }
});
