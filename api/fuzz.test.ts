import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { createDatasetStore } from '../market-data/dataset-store.ts';
import { barsOf } from '../test/fixtures/bars.ts';
import { storedResult } from './test-results.ts';
import { requestsTo, type GeneratedRequest, type JsonSchema, type OpenApiDocument } from './test-requests.ts';
import { startTestService, type TestService } from './test-service.ts';

const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 2_000);

it(
  `answers ${REQUESTS} requests that are made of its own document as the document says, and never with a 5xx`,
  { timeout: 300_000 },
  async () => {
    const service = await startTestService({ HOLDFAST_PLANS: { default: { openRuns: 500 } } });
    onTestFinished(() => service.close());
    const document: OpenApiDocument = (await service.get('/openapi.json')).json();
    delete document.paths['/v1/events']; // does not end
    const check = answerCheck(document);
    const ids = await idsIn(service);
    await fc.assert(
      fc.asyncProperty(requestsTo(document, ids), async ({ operation, request }) => {
        const answer = await service.app.inject(request);
        expect(check(operation, answer), `${request.method} ${request.url} ${request.payload?.slice(0, 2_000)}`).toBeNull();
      }),
      { numRuns: REQUESTS },
    );
  },
);

/** What there is to be found at each kind of address. */
async function idsIn(service: TestService) {
  const finished = await service.submit();
  const dataset = await createDatasetStore(service.artifacts).write('public', [[barsOf([1, 2, 3, 4], 'AAPL')]]);
  const result = { ...(await storedResult(service.artifacts, [100, 101, 99, 104])), dataset };
  await service.project(finished.id, { status: 'completed', phase: null, result, finishedAt: Date.now() });
  const open = await Promise.all(Array.from({ length: 20 }, async () => (await service.submit()).id));
  const spec = { data: { source: 'sample', symbols: ['AAPL'] }, strategy: { name: 'sma-cross' } };
  const batch = (await service.post('/v1/batches', { items: [spec] })).json();
  const sweep = (await service.post('/v1/sweeps', { ...spec, space: { fast: { values: [5, 10] } } })).json();
  await service.project(sweep.id, { status: 'cancelled', phase: null, finishedAt: Date.now() });
  const webhook = (await service.post('/v1/webhooks', { url: 'https://example.com' })).json();
  const schedule = (await service.post('/v1/schedules', { name: 'Nightly', cron: '30 2 * * *', spec })).json();
  const token = (await service.post('/v1/tokens', { name: 'x' })).json();
  const share = (await service.post('/v1/shares', { run: finished.id })).json();
  const known: [pattern: RegExp, ids: string[]][] = [
    [/^\/v1\/backtests\/.*\/events$/, [finished.id]], // of one that is open it does not end
    [/^\/v1\/(admin\/)?backtests\//, [finished.id, ...open]],
    [/^\/v1\/sweeps\//, [sweep.id]],
    [/^\/v1\/batches\//, [batch.id]],
    [/^\/v1\/webhooks\//, [webhook.id]],
    [/^\/v1\/schedules\//, [schedule.id]],
    [/^\/v1\/tokens\//, [token.id]],
    [/^\/v1\/shares\//, [share.id]],
    [/^\/v1\/datasets\//, ['sample', 'upload:mine']],
    [/^\/v1\/(admin\/)?strategies\//, ['sma-cross']],
    [/^\/v1\/admin\/owners\//, ['eve']],
  ];
  return (path: string, method: string): string[] => {
    // What is gone could not be asked for any more.
    if (method === 'delete') return ['01990c3e-5a10-7000-8000-00000000000a'];
    const ids = known.find(([pattern]) => pattern.test(path))?.[1];
    if (!ids) throw new Error(`say here what there is at ${path}`);
    return ids;
  };
}

type Answer = Awaited<ReturnType<TestService['call']>>;

/** Gives what is wrong with an answer by the document; null for a sound one. */
function answerCheck({ components }: OpenApiDocument) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'document', components });
  const compiled = new Map<JsonSchema, ReturnType<typeof ajv.compile>>();
  const validatorOf = (schema: JsonSchema) => {
    const known = compiled.get(schema) ?? ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')));
    compiled.set(schema, known);
    return known;
  };
  return ({ responses }: GeneratedRequest['operation'], answer: Answer): string | null => {
    const { statusCode, body } = answer;
    const told = `${statusCode}: ${body.slice(0, 500)}`;
    if (statusCode >= 500) return `a fault of the service: ${told}`;
    const described = responses[statusCode];
    if (!described) return `not in the document: ${told}`;
    if (!described.content) return body === '' ? null : `a body that the document does not know: ${told}`;
    const type = String(answer.headers['content-type']).split(';')[0]!;
    const content = described.content[type];
    if (!content) return `the type ${type}, which the document does not know: ${told}`;
    if (!type.endsWith('json') || !content.schema) return null;
    const validate = validatorOf(content.schema);
    return validate(answer.json()) ? null : `${ajv.errorsText(validate.errors)}: ${told}`;
  };
}
