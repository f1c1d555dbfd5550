import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StrategyInfo } from '../../shared/strategy.ts';
import { SPEC, startTestService, type TestService } from '../test-service.ts';

/** Sound ones and broken ones. */
const MODULES = path.resolve(import.meta.dirname, '../../test/fixtures/modules');

describe('strategies that are modules', { timeout: 60_000 }, () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({}, MODULES);
  });
  afterAll(() => service.close());

  it('are listed after the built-in ones, the broken ones with their error', async () => {
    const { items } = (await service.get('/v1/strategies')).json<{ items: StrategyInfo[] }>();
    const kinds = items.map(({ kind }) => kind);
    expect(kinds).toEqual(kinds.toSorted()); // "built-in" comes before "module"
    expect(items.find(({ name }) => name === 'counts-bars')).toMatchObject({ kind: 'module', title: 'Counts bars', error: null });
    expect(items.find(({ name }) => name === 'is-no-module')).toMatchObject({
      kind: 'module',
      error: expect.stringContaining('strategy.description'),
    });
  });

  it('have parameters with a JSON Schema', async () => {
    const { schema } = (await service.get('/v1/strategies/counts-bars')).json<StrategyInfo>();
    expect(schema).toMatchObject({ properties: { every: { type: 'integer', minimum: 1, maximum: 100_000 } } });
  });

  it('are accepted in a spec, their defaults filled in', async () => {
    const run = await service.submit({ strategy: { name: 'counts-bars' } });
    expect(run).toMatchObject({ status: 'queued', spec: { strategy: { name: 'counts-bars', params: { every: 1_000 } } } });
  });

  it('are refused with every fault of their parameters', async () => {
    const strategy = { name: 'counts-bars', params: { every: 0, evry: 5 } };
    const answer = await service.post('/v1/backtests', { ...SPEC, strategy });
    expect(answer.statusCode).toBe(422);
    const paths = answer.json<{ errors: { path: string }[] }>().errors.map(({ path }) => path);
    expect(paths).toEqual(['strategy.params.every', 'strategy.params.evry']);
  });

  it('are refused when they are broken, and named when they may have been meant', async () => {
    const faultOf = async (name: string) =>
      (await service.post('/v1/backtests', { ...SPEC, strategy: { name } })).json<{ errors: { message: string }[] }>().errors[0]?.message;
    expect(await faultOf('is-no-module')).toMatch(/is a module that cannot be run: strategy\.description/);
    expect(await faultOf('counts-bar')).toBe('"counts-bar" is not known; did you mean "counts-bars"?');
    expect(await faultOf('../modules/counts-bars')).toMatch(/is not known/);
  });
});
