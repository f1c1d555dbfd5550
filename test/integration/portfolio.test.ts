import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { BacktestSpecInput } from '../../shared/spec.ts';
import type { StrategyInfo } from '../../shared/strategy.ts';
import { readPortfolioReference } from '../fixtures/oracles.ts';
import { startService, type Service } from '../rig/service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService({ temporalAddress: inject('temporalAddress') });
  await service.startWorker();
});
afterAll(() => service?.[Symbol.asyncDispose]());

const reference = readPortfolioReference('13_multi_momentum_top1_monthly');

const rotation: BacktestSpecInput = {
  data: { source: 'sample', symbols: ['AAPL', 'IBM', 'MSFT'], timeframe: '1d', adjust: 'total-return' },
  strategy: { name: 'momentum-rotation', params: { lookback: 63, top: 1, rebalance: 'monthly', start: 'period-end', invested: 0.99 } },
  account: { cash: 100_000, fees: { relative: 0.001 }, fractional: true },
};

describe('a strategy that trades several symbols together', () => {
  it('goes from POST to the orders of the reference run, and looks at nothing that is still to come', async () => {
    const run = await service.submit(rotation);
    const result = await service.completed(run.id);
    expect(result.metrics.totalReturn).toBeCloseTo(reference.finalEquity / reference.cash - 1, 9);
    expect(result.verdicts.lookAhead?.passed).toBe(true);
    const { body } = await service.get<{ columns: Record<'symbol' | 'side' | 'bar', unknown[]> }>(`/v1/backtests/${run.id}/orders`);
    const { symbol, side, bar } = body.columns;
    expect(symbol.map((each, row) => [bar[row], side[row], each])).toEqual(
      reference.orders.map((order) => [order.bar, order.side, order.asset]),
    );
  });

  it('says how many symbols it takes, and refuses another number with every other fault', async () => {
    const { body } = await service.get<StrategyInfo>('/v1/strategies/pairs-zscore');
    expect(body.symbols).toEqual({ min: 2, max: 2 });
    const strategy = { name: 'pairs-zscore', params: { window: 1 } };
    await expect(service.submit({ ...rotation, strategy })).rejects.toThrow(/422.*window.*data\.symbols.*exactly 2/);
    const tooMany = { name: 'momentum-rotation', params: { top: 4 } };
    await expect(service.submit({ ...rotation, strategy: tooMany })).rejects.toThrow(/422.*strategy\.params\.top/);
  });
});
