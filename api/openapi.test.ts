import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXAMPLES } from './openapi-examples.ts';
import { startTestService, type TestService } from './test-service.ts';

interface Operation {
  summary: string;
  parameters?: { name: string; in: string }[];
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
type Paths = Record<string, Record<string, Operation>>;

describe('the OpenAPI document', () => {
  let service: TestService;
  let document: { openapi: string; info: { description: string }; paths: Paths; components: { schemas: Record<string, object> } };
  beforeAll(async () => {
    service = await startTestService();
    document = (await service.get('/openapi.json')).json();
  });
  afterAll(() => service.close());

  it('is valid OpenAPI 3.1, with every reference resolved', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(document));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]!);
    expect(references.length).toBeGreaterThan(10);
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(references));
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(['StatusEvent', 'EquityEvent']));
  });

  it('is valid, too, where users sign in, and says how to come in where', async () => {
    const signedIn = await startTestService({ API_TOKEN: 'a-token-of-some-length' });
    const described = (await signedIn.get('/openapi.json')).json();
    await signedIn.close();
    expect((await new Validator().validate(structuredClone(described))).errors).toBeUndefined();
    const securityOf = (path: string, method = 'get') => described.paths[path][method].security.flatMap(Object.keys);
    expect(securityOf('/v1/backtests/{id}/events')).toEqual(['token', 'share', 'link', 'ticket']);
    expect(securityOf('/v1/backtests/{id}')).toEqual(['token', 'share', 'link']);
    expect(securityOf('/v1/backtests/{id}', 'delete')).toEqual(['token']);
    expect(securityOf('/healthz')).toEqual([]);
  });

  it('has examples that its own schemas allow', () => {
    expect(EXAMPLES.length).toBeGreaterThan(5);
    for (const [schema, example] of EXAMPLES) expect(schema.safeParse(example).error).toBeUndefined();
    expect(JSON.stringify(document.paths['/v1/tokens'])).toContain('"example":{"name":"CI"');
  });

  it('describes every call of the service', () => {
    const calls = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    expect(calls.toSorted()).toEqual([
      'delete /v1/backtests/{id}',
      'delete /v1/datasets/{source}',
      'delete /v1/me',
      'delete /v1/schedules/{id}',
      'delete /v1/shares/{id}',
      'delete /v1/sweeps/{id}',
      'delete /v1/tokens/{id}',
      'delete /v1/webhooks/{id}',
      'get /healthz',
      'get /readyz',
      'get /v1/admin/backtests',
      'get /v1/admin/blocks',
      'get /v1/backtests',
      'get /v1/backtests/{id}',
      'get /v1/backtests/{id}/bundle',
      'get /v1/backtests/{id}/equity',
      'get /v1/backtests/{id}/events',
      'get /v1/backtests/{id}/history',
      'get /v1/backtests/{id}/indicators',
      'get /v1/backtests/{id}/logs',
      'get /v1/backtests/{id}/orders',
      'get /v1/backtests/{id}/report',
      'get /v1/backtests/{id}/result',
      'get /v1/backtests/{id}/tables',
      'get /v1/backtests/{id}/trades',
      'get /v1/batches/{id}',
      'get /v1/batches/{id}/items',
      'get /v1/config',
      'get /v1/datasets',
      'get /v1/datasets/{source}/symbols',
      'get /v1/events',
      'get /v1/indicators',
      'get /v1/me',
      'get /v1/schedules',
      'get /v1/schedules/{id}',
      'get /v1/schedules/{id}/runs',
      'get /v1/shares',
      'get /v1/strategies',
      'get /v1/strategies/{name}',
      'get /v1/sweeps',
      'get /v1/sweeps/{id}',
      'get /v1/sweeps/{id}/best',
      'get /v1/sweeps/{id}/events',
      'get /v1/sweeps/{id}/heatmap',
      'get /v1/sweeps/{id}/history',
      'get /v1/sweeps/{id}/result',
      'get /v1/sweeps/{id}/trials',
      'get /v1/tokens',
      'get /v1/webhooks',
      'get /v1/webhooks/{id}',
      'get /v1/webhooks/{id}/deliveries',
      'patch /v1/backtests/{id}',
      'patch /v1/schedules/{id}',
      'patch /v1/sweeps/{id}',
      'patch /v1/webhooks/{id}',
      'post /v1/admin/backtests/{id}/cancel',
      'post /v1/admin/backtests/{id}/pause',
      'post /v1/admin/backtests/{id}/requeue',
      'post /v1/admin/backtests/{id}/resume',
      'post /v1/admin/owners/{name}/disable',
      'post /v1/admin/owners/{name}/enable',
      'post /v1/admin/strategies/{name}/disable',
      'post /v1/admin/strategies/{name}/enable',
      'post /v1/backtests',
      'post /v1/backtests/estimate',
      'post /v1/backtests/{id}/cancel',
      'post /v1/backtests/{id}/links',
      'post /v1/backtests/{id}/pause',
      'post /v1/backtests/{id}/resume',
      'post /v1/backtests/{id}/verify',
      'post /v1/batches',
      'post /v1/batches/{id}/cancel',
      'post /v1/batches/{id}/pause',
      'post /v1/batches/{id}/resume',
      'post /v1/datasets',
      'post /v1/events/ticket',
      'post /v1/schedules',
      'post /v1/schedules/{id}/backfill',
      'post /v1/schedules/{id}/pause',
      'post /v1/schedules/{id}/resume',
      'post /v1/schedules/{id}/trigger',
      'post /v1/shares',
      'post /v1/strategies/check',
      'post /v1/sweeps',
      'post /v1/sweeps/estimate',
      'post /v1/sweeps/{id}/best',
      'post /v1/sweeps/{id}/cancel',
      'post /v1/sweeps/{id}/extend',
      'post /v1/sweeps/{id}/pause',
      'post /v1/sweeps/{id}/resume',
      'post /v1/tokens',
      'post /v1/webhooks',
      'post /v1/webhooks/{id}/rotate',
      'post /v1/webhooks/{id}/test',
    ]);
  });

  it('says how long an Idempotency-Key counts, and lists every error code', () => {
    expect(JSON.stringify(document.paths['/v1/backtests']?.['post']?.parameters)).toMatch(/idempotency-key.*24 hours/);
    expect(document.info.description).toContain('`key_reused` (422)');
  });

  it('offers the series as JSON, CSV, Arrow and Parquet, and errors as problem details', () => {
    const { responses } = document.paths['/v1/backtests/{id}/equity']!['get']!;
    expect(Object.keys(responses['200']!.content!)).toEqual([
      'application/json',
      'text/csv',
      'application/vnd.apache.arrow.stream',
      'application/vnd.apache.parquet',
    ]);
    expect(responses['404']!.content).toEqual({ 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } });
  });
});
