import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestService, type TestService } from '../test-service.ts';

describe('what can be run', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.close());

  it('lists strategies with the JSON Schema of their parameters', async () => {
    const { items } = (await service.get('/v1/strategies')).json();
    expect(items.map((item: { name: string }) => item.name)).toEqual(
      expect.arrayContaining(['sma-cross', 'buy-and-hold', 'rsi-reversion']),
    );
    const { schema } = (await service.get('/v1/strategies/sma-cross')).json();
    expect(schema).toMatchObject({ type: 'object', properties: { fast: { type: 'integer' } } });
  });

  it('lists sources, and the symbols of one with their coverage', async () => {
    const { items } = (await service.get('/v1/datasets')).json();
    expect(items.map((item: { source: string }) => item.source).toSorted()).toEqual(['sample', 'synthetic']);
    expect(items.find(({ source }: { source: string }) => source === 'sample').coverage).toMatchObject({ symbols: 5, to: '2013-03-01' });
    const symbols = (await service.get('/v1/datasets/sample/symbols')).json().items;
    expect(symbols).toContainEqual({ symbol: 'AAPL', from: '2000-03-01', to: '2013-03-01', bars: 3270, timeframe: '1d' });
  });
});
