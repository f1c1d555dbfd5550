import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { expect, inject, it, onTestFinished } from 'vitest';
import { workflowBundle } from '../../worker/workflow-bundle.ts';
import { startService } from '../rig/service.ts';
import { longRun } from '../rig/specs.ts';
import { startTraceCollector, type Span } from '../rig/trace-collector.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';

it('one trace goes from the request through workflow and steps to rows and threads', { timeout: 180_000 }, async () => {
  const collector = await startTraceCollector();
  onTestFinished(() => collector[Symbol.asyncDispose]());
  const service = await startService({ temporalAddress: inject('temporalAddress'), env: { HOLDFAST_TRACES_URL: collector.url } });
  onTestFinished(() => service[Symbol.asyncDispose]());
  await service.startWorker();
  const headers = { traceparent: `00-${TRACE}-${CALLER}-01` };
  const { body } = await service.post<{ id: string }>('/v1/backtests', longRun(1), headers);
  await service.completed(body.id);

  const ours = (): Span[] => collector.spans.filter(({ traceId }) => traceId === TRACE);
  const find = (name: string | RegExp): Span | undefined =>
    ours().find((span) => (typeof name === 'string' ? span.name === name : name.test(span.name)));
  while (!find(/RunActivity:simulate/) || !find(/RunActivity:aggregate/) || !find('POST /v1/backtests')) await delay(50);
  expect(find('POST /v1/backtests')?.parentSpanId).toBe(CALLER);
  expect(new Set(ours().map(({ service: from }) => from))).toEqual(new Set(['holdfast-api', 'holdfast-worker']));

  const above = (span: Span | undefined): string[] =>
    span === undefined ? [] : [span.name, ...above(ours().find(({ spanId }) => spanId === span.parentSpanId))];
  expect(above(find('rows.submit'))).toEqual(['rows.submit', 'POST /v1/backtests']);
  const job = above(find('threads.simulateSlice'));
  expect(job[0]).toBe('threads.simulateSlice');
  expect(job).toContain('RunActivity:simulate');
  expect(job).toContain('StartWorkflow:backtest');
  expect(job.at(-1)).toBe('POST /v1/backtests');
});

it('histories that were recorded without traces replay with them', async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const file = path.join(import.meta.dirname, '../replay/histories/done-in-slices.json');
  const { workflowId, history } = JSON.parse(readFileSync(file, 'utf8')) as { workflowId: string; history: unknown };
  const spans: unknown[] = [];
  // As a worker has it: a span that was sent before is not sent again.
  const sinks = { exporter: { export: { fn: (_info: unknown, sent: unknown[]) => void spans.push(...sent), callDuringReplay: false } } };
  const bundle = await workflowBundle({ heartbeatSeconds: 5, isTraced: true });
  await Worker.runReplayHistory({ workflowBundle: bundle, sinks }, history, workflowId);
  expect(spans).toEqual([]);
});
