import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestService, type TestService } from '../test-service.ts';

describe('the rules language', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.close());

  it('lists indicators with their signatures', async () => {
    const { items, functions } = (await service.get('/v1/indicators')).json();
    expect(items.find(({ name }: { name: string }) => name === 'sma')).toMatchObject({ signature: 'sma(x, period)', series: 1 });
    expect(functions.map(({ name }: { name: string }) => name)).toContain('crossOver');
  });

  it('checks rules, naming the place of each fault', async () => {
    const rules = { let: { f: 'sma(close, 5)' }, enterLong: 'crossOver(f, smaa(close, 9))', exitLong: 'signal < 0' };
    const answer = await service.post('/v1/strategies/check', { rules, columns: ['signal'] });
    expect(answer.statusCode).toBe(200);
    expect(answer.json().faults).toEqual([
      { path: 'strategy.rules.enterLong', message: '"smaa" is no known function; did you mean "sma"?', from: 13, to: 17 },
    ]);
  });

  it('refuses what are no rules', async () => {
    const answer = await service.post('/v1/strategies/check', { rules: { enterLong: 5, entry: 'x' } });
    expect(answer.statusCode).toBe(422);
    expect(
      answer
        .json()
        .errors.map(({ path }: { path: string }) => path)
        .toSorted(),
    ).toEqual(['rules.enterLong', 'rules.entry']);
  });

  it('names the place of a fault in a submitted spec too', async () => {
    const spec = {
      data: { source: 'sample', symbols: ['AAPL'] },
      strategy: { rules: { enterLong: 'close > opne', exitLong: 'close < open' } },
    };
    const answer = await service.post('/v1/backtests', spec);
    expect(answer.json()).toMatchObject({ status: 422, errors: [{ path: 'strategy.rules.enterLong', from: 8, to: 12 }] });
    const sound = await service.post('/v1/backtests', {
      ...spec,
      strategy: { rules: { ...spec.strategy.rules, enterLong: 'close > open' } },
    });
    expect(sound.statusCode).toBe(202);
    expect(sound.json()).toMatchObject({ strategy: 'rules', spec: { strategy: { name: 'rules', rules: { enterLong: 'close > open' } } } });
  });
});
