import type * as z from 'zod';
import { BatchSpec } from '../shared/batch.ts';
import { ShareSpec, TokenSpec } from '../shared/credential.ts';
import { Problem } from '../shared/problem.ts';
import { BacktestSpec } from '../shared/spec.ts';
import { WebhookMessage, WebhookSpec } from '../shared/webhook.ts';

const RUN = '01990c3e-5a10-7000-8000-00000000000a';

const BACKTEST = {
  name: 'SMA cross on Apple',
  tags: ['example'],
  data: { source: 'sample', symbols: ['AAPL'], timeframe: '1d', from: '2004-01-01', to: '2012-12-31' },
  strategy: { name: 'sma-cross', params: { fast: 10, slow: 30 } },
  account: { cash: 100_000, fees: { relative: 0.001 } },
};

/** A sound example of what is sent and answered, for the document. */
export const EXAMPLES: readonly (readonly [schema: z.ZodType, example: unknown])[] = [
  [BacktestSpec, BACKTEST],
  [BatchSpec, { name: 'Two crosses', items: [BACKTEST, { ...BACKTEST, strategy: { name: 'sma-cross', params: { fast: 5, slow: 20 } } }] }],
  [TokenSpec, { name: 'CI', scopes: ['read', 'write'], expiresInDays: 30 }],
  [ShareSpec, { run: RUN, expiresInHours: 24 }],
  [WebhookSpec, { url: 'https://example.com/holdfast', statuses: ['completed', 'failed'] }],
  [WebhookMessage, { type: 'backtest.completed', timestamp: '2026-11-30T12:00:00.000Z', data: { id: RUN, status: 'completed' } }],
  [
    Problem,
    {
      type: '/docs/#invalid_spec',
      title: 'The spec is not valid',
      status: 422,
      detail: 'The spec has a fault. Correct what "errors" lists and send it again.',
      code: 'invalid_spec',
      errors: [{ path: 'strategy.params.fast', message: 'must be at least 2' }],
    },
  ],
];
