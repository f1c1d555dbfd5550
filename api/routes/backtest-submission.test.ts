import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Run } from '../../shared/run.ts';
import { SPEC, startTestService, type TestService } from '../test-service.ts';

let service: TestService;
beforeEach(async () => {
  service = await startTestService();
});
afterEach(() => service.close());

const faultPaths = async (payload: object): Promise<string[]> => {
  const answer = await service.post('/v1/backtests', payload);
  expect(answer.json()).toMatchObject({ status: 422, code: 'invalid_spec' });
  return answer.json().errors.map((fault: { path: string }) => fault.path);
};

describe('POST /v1/backtests', () => {
  it('accepts a run, says where it is, and starts its workflow', async () => {
    const answer = await service.post('/v1/backtests', SPEC);
    expect(answer.statusCode).toBe(202);
    const run = Run.parse(answer.json());
    expect(answer.headers['location']).toBe(`/v1/backtests/${run.id}`);
    expect(run).toMatchObject({
      kind: 'backtest',
      name: 'sma-cross on AAPL 1d',
      status: 'queued',
      owner: 'local',
      phase: null,
      requested: null,
    });
    // AAPL 2000-03-01..2013-03-01 in the sample
    expect(run.progress).toEqual({ fraction: 0, done: 0, total: 3270, unit: 'bars', perSecond: 0, etaSeconds: null });
    expect(service.orchestrator.calls).toEqual([`start ${run.id}`]);
  });

  it('refuses bodies that no walk or database could take: too deep, or with NUL and half characters', async () => {
    const send = (payload: string) => service.call('POST', '/v1/backtests', { payload, headers: { 'content-type': 'application/json' } });
    for (const deep of [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`])
      expect((await send(deep)).json()).toMatchObject({ status: 400, code: 'malformed_request' });
    const answer = await send(JSON.stringify({ ...SPEC, name: 'a\0b', tags: ['fine', '\ud800'] }));
    expect(answer.json()).toMatchObject({ status: 422, code: 'invalid_request' });
    expect(answer.json().errors.map(({ path }: { path: string }) => path)).toEqual(['name', 'tags.1']);
  });

  it('refuses what the account asks of instruments that do not have it', async () => {
    const instruments = { AAPL: { currency: 'EUR' } };
    const account = { slippage: { ticks: 1 } };
    expect(await faultPaths({ ...SPEC, data: { ...SPEC.data, instruments }, account })).toEqual([
      'data.instruments.AAPL.currency',
      'account.slippage.ticks',
    ]);
    const sound = { AAPL: { tickSize: 0.01 } };
    expect(await service.submit({ data: { ...SPEC.data, instruments: sound }, account })).toMatchObject({ status: 'queued' });
  });

  it('refuses more parameters than anyone has', async () => {
    const params = Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`p${i}`, i]));
    expect(await faultPaths({ ...SPEC, strategy: { name: 'sma-cross', params } })).toEqual(['strategy.params']);
  });

  it('shows the spec as it will run, with every default filled in', async () => {
    const run = await service.submit({ strategy: { name: 'sma-cross' } });
    expect(run.spec).toMatchObject({ specVersion: 1, seed: 7, account: { cash: 100_000, fill: 'next-open' }, data: { adjust: 'splits' } });
    expect(run.spec.strategy.params).toEqual({ fast: 10, slow: 30, direction: 'long' });
  });

  it('lists every fault of schema, strategy and data at once', async () => {
    const paths = await faultPaths({
      data: { source: 'sample', symbols: ['AAPL', 'NOPE'], timeframe: '1d', colour: 'red' },
      strategy: { name: 'sma-cross', params: { fast: 1.5, slov: 3 } },
      account: { cash: -1 },
      benchmark: 'NADA',
      extra: true,
    });
    expect(paths.toSorted()).toEqual(
      ['account.cash', 'benchmark', 'data.colour', 'data.symbols.1', 'extra', 'strategy.params.fast', 'strategy.params.slov'].toSorted(),
    );
    expect((await service.get('/v1/backtests')).json().items).toEqual([]);
    expect(service.orchestrator.calls).toEqual([]);
  });

  it.each([
    ['an unknown source', { data: { source: 'sampel', symbols: ['AAPL'] } }, ['data.source']],
    ['an unknown strategy', { strategy: { name: 'sma-cros' } }, ['strategy.name']],
    ['a range without bars', { data: { source: 'sample', symbols: ['AAPL'], from: '2020-01-01' } }, ['data.symbols.0']],
    [
      'a range that ends before it begins',
      { data: { source: 'sample', symbols: ['AAPL'], from: '2010-01-01', to: '2009-01-01' } },
      ['data.to'],
    ],
    ['parameters that exclude each other', { strategy: { name: 'sma-cross', params: { fast: 30, slow: 10 } } }, ['strategy.params.fast']],
  ])('names the place of %s', async (_what, change, paths) => {
    expect(await faultPaths({ ...SPEC, ...change })).toEqual(paths);
  });

  it('shows everyone who was a member of a universe as symbols of the run', async () => {
    const data = { source: 'sample', universe: 'most-traded', from: '2004-06-01', to: '2005-06-30' };
    const answer = await service.post('/v1/backtests', { ...SPEC, data, strategy: { name: 'equal-weight' } });
    expect(answer.json()).toMatchObject({
      symbols: ['AAPL', 'GOOG', 'IBM', 'MSFT'],
      spec: { data: { ...data, symbols: answer.json().symbols } },
    });
  });

  it('names the place of an unknown universe, and of neither universe nor symbols', async () => {
    expect(await faultPaths({ ...SPEC, data: { source: 'sample', universe: 'dow' } })).toEqual(['data.universe']);
    expect(await faultPaths({ ...SPEC, data: { source: 'sample' } })).toEqual(['data.symbols']);
  });

  it('keeps an accepted run whose workflow could not be started', async () => {
    service.orchestrator.state.away = true;
    const answer = await service.post('/v1/backtests', SPEC);
    expect(answer.statusCode).toBe(202);
    expect((await service.get(answer.json().links.self)).json().status).toBe('queued');
  });

  it('accepts nothing while Temporal is known to be away', async () => {
    service.orchestrator.state.knownAway = true;
    const answer = await service.post('/v1/backtests', SPEC);
    expect(answer.json()).toMatchObject({ status: 503, code: 'orchestrator_unavailable' });
    expect((await service.get('/v1/backtests')).json().items).toEqual([]);
  });
});

describe('Idempotency-Key', () => {
  const submit = (key: string, payload: object = SPEC) => service.post('/v1/backtests', payload, { 'idempotency-key': key });

  it('gives the run that was accepted first, for the same payload however it is written', async () => {
    const first = await submit('"k-1"');
    const { data, strategy } = SPEC;
    const second = await submit('k-1', { strategy, seed: 7, data: { timeframe: '1d', ...data } });
    expect(second.statusCode).toBe(202);
    expect(second.json().id).toBe(first.json().id);
    expect(second.headers['location']).toBe(first.headers['location']);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect((await service.get('/v1/backtests')).json().items).toHaveLength(1);
  });

  it('starts the workflow again when the first request may have died before it could', async () => {
    service.orchestrator.state.away = true;
    const { id } = (await submit('k')).json();
    service.orchestrator.state.away = false;
    await submit('k');
    expect(service.orchestrator.calls).toEqual([`start ${id}`]);
    await service.project(id, { status: 'running' });
    await submit('k');
    expect(service.orchestrator.calls).toHaveLength(1);
  });

  it('accepts one run for fifty requests at once', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => submit('k')));
    expect(new Set(answers.map((answer) => answer.json().id)).size).toBe(1);
    expect(answers.filter((answer) => answer.headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    expect(answers.every((answer) => answer.statusCode === 202)).toBe(true);
  });

  it('refuses another payload', async () => {
    await submit('k');
    const answer = await submit('k', { ...SPEC, seed: 8 });
    expect(answer.json()).toMatchObject({ status: 422, code: 'key_reused' });
  });

  it.each(['', '""', '"open', 'two words', 'a,b', 'x'.repeat(256), `"${'x'.repeat(256)}"`, '"é"'])('refuses the key %j', async (key) => {
    const answer = await submit(key);
    expect(answer.json()).toMatchObject({ status: 422, code: 'invalid_request', errors: [{ path: 'idempotency-key' }] });
  });

  it.each([
    ['x'.repeat(255), `"${'x'.repeat(255)}"`],
    ['"a\\"b"', '"a\\"b"'],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '"8e03978e-40d5-43dd-bc93-6894a57f9324"'],
  ])('takes %s and %s for one key', async (key, same) => {
    expect((await submit(key)).json().id).toBe((await submit(same)).json().id);
  });
});

describe('POST /v1/backtests/estimate', () => {
  it('says how many bars there are and what they cost, and accepts nothing', async () => {
    const data = { source: 'synthetic', symbols: ['A', 'B'], synthetic: { bars: 1_000_000 } };
    const answer = await service.post('/v1/backtests/estimate', { ...SPEC, data });
    // 2 million bars of 12 columns of 8 bytes, at 5 million a second
    expect(answer.json()).toEqual({ bars: 2_000_000, memoryBytes: 192_000_000, streamed: false, seconds: 0.5, bytesScanned: 0, cost: 0 });
    expect((await service.get('/v1/backtests')).json().items).toEqual([]);
  });

  it('says that data which are larger than half of a worker are read a stretch at a time, within its memory', async () => {
    const data = { source: 'synthetic', symbols: ['A'], synthetic: { bars: 20_000_000 } };
    const answer = await service.post('/v1/backtests/estimate', { ...SPEC, data });
    expect(answer.json()).toMatchObject({ bars: 20_000_000, memoryBytes: 2 ** 30, streamed: true });
  });

  it('lists the faults of a spec', async () => {
    const answer = await service.post('/v1/backtests/estimate', { ...SPEC, strategy: { name: 'x' } });
    expect(answer.json()).toMatchObject({ status: 422, code: 'invalid_spec', errors: [{ path: 'strategy.name' }] });
  });
});
