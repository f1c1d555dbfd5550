import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SPEC, startTestService, type TestService } from './test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

async function pathsOf(changes: object): Promise<string[]> {
  const answer = await service.post('/v1/sweeps', { ...SPEC, strategy: { name: 'sma-cross' }, ...changes });
  expect(answer.statusCode).toBe(422);
  return answer.json<{ errors: { path: string }[] }>().errors.map(({ path }) => path);
}

describe('what is wrong with a sweep', () => {
  const terms = { where: 'fast < slw', objective: { metric: 'sharpe - drawdown' }, validation: { kind: 'holdout' } };

  it('is said of its terms, whether its space is sound or not', async () => {
    const sound = { fast: { min: 2, max: 9 } };
    expect(await pathsOf({ space: sound, ...terms })).toEqual(['where', 'objective.metric', 'validation.kind']);
    const unsound = { fast: { min: 2, max: 9 }, slo: { values: [20] } };
    expect(await pathsOf({ space: unsound, ...terms })).toEqual(['space.slo', 'where', 'objective.metric', 'validation.kind']);
    const paths = await pathsOf({ space: { fast: { min: 9, max: 2 } }, ...terms, search: { kind: 'all' } });
    expect(paths.toSorted()).toEqual(['objective.metric', 'search.kind', 'space.fast.max', 'validation.kind', 'where']);
  });

  it('is not said of names in its condition where nobody knows the strategy', async () => {
    const paths = await pathsOf({ space: { fast: { min: 2, max: 9 } }, strategy: { name: 'sma-cros' }, ...terms });
    expect(paths).toEqual(['objective.metric', 'validation.kind', 'strategy.name']);
  });
});
