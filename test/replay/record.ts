import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type History, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { BacktestSpecInput } from '../../shared/spec.ts';
import { shortRuns, submitBatch, untilBatch } from '../rig/batches.ts';
import { operatorOf } from '../rig/operator.ts';
import { createSchedule, untilNights } from '../rig/schedules.ts';
import { startService, type Service } from '../rig/service.ts';
import { slowSweep, smallSweep, submitSweep, untilSweep } from '../rig/sweeps.ts';
import { killMidSlice } from '../rig/slices.ts';
import { longRun, smaCross } from '../rig/specs.ts';
import { startOwnTemporal } from '../rig/temporal-server.ts';

/**
 * `npm run record:histories`: runs one workflow of each shape on a real stack, and keeps its history. With the beginning of names (`-- launch`) only those.
 */

const FOLDER = path.join(import.meta.dirname, 'histories');
const MODULES = path.join(import.meta.dirname, '../fixtures/modules');
/** In place of 4,096: a run of a few seconds then continues as new. */
const EVENTS_OF_A_LONG_RUN = '--dynamic-config-value=limit.historyCount.suggestContinueAsNew=150';
/** temporal/api/enums/v1/workflow.proto, PendingActivityState */
const PAUSED = 4;

type Operator = ReturnType<typeof operatorOf>;
/** Takes a run through its shape, and returns its id once it has ended. */
type Shape = (service: Service, operator: Operator) => Promise<string>;

const ended = (status: string) => async (service: Service, id: string) => {
  while ((await service.get<{ status: string }>(`/v1/backtests/${id}`)).body.status !== status) await delay(20);
  return id;
};
const completed = ended('completed');
const simulating = async (service: Service, seconds = 2): Promise<string> => {
  const { id } = await service.submit(longRun(seconds));
  await service.until(id, ({ progress }) => progress.done > 0);
  return id;
};
const completedSweep = async (service: Service, id: string): Promise<string> => {
  await untilSweep(service, id, ({ status }) => status === 'completed');
  return id;
};
const trying = async (service: Service): Promise<string> => {
  const { id } = await submitSweep(service, slowSweep(80, 50));
  await untilSweep(service, id, ({ progress }) => progress.done > 0);
  return id;
};
const WIDE = { fast: { min: 2, max: 200 }, slow: { min: 201, max: 400 } };
const ask = (service: Service, id: string, wanted: string) => service.post(`/v1/backtests/${id}/${wanted}`);

/** One night of a new schedule; gives the end of its workflow's id. */
async function launched(service: Service, spec: BacktestSpecInput, status?: string): Promise<string> {
  const schedule = await createSchedule(service, { spec });
  await service.post(`${schedule.links.self}/trigger`);
  const [night] = await untilNights(service, schedule, ([first]) => (status ? first?.status === status : first?.run != null));
  return `${schedule.id}-${night!.nominalTime.slice(0, 19)}Z`;
}

const SHAPES: Record<string, Shape> = {
  'done at once': async (service) => completed(service, (await service.submit(smaCross)).id),
  'done in slices': async (service) => completed(service, await simulating(service)),
  'paused and resumed': async (service) => {
    const id = await simulating(service);
    await ask(service, id, 'pause');
    await service.until(id, ({ status }) => status === 'paused');
    await ask(service, id, 'resume');
    return completed(service, id);
  },
  'paused and resumed in a row': async (service) => {
    const id = await simulating(service, 3);
    for (const wanted of ['pause', 'resume', 'pause', 'resume']) await operatorOf(service).handleOf(id).signal(wanted);
    return completed(service, id);
  },
  cancelled: async (service) => {
    const id = await simulating(service, 20);
    await ask(service, id, 'cancel');
    return ended('cancelled')(service, id);
  },
  'cancelled while paused': async (service) => {
    const id = await simulating(service, 20);
    await ask(service, id, 'pause');
    await service.until(id, ({ status }) => status === 'paused');
    await ask(service, id, 'cancel');
    return ended('cancelled')(service, id);
  },
  failed: async (service) => {
    const data = { source: 'synthetic', symbols: ['SYN'], timeframe: '1m', synthetic: { bars: 2_000 } } as const;
    const { id } = await service.submit({ data: { ...data, symbols: ['SYN'] }, strategy: { name: 'throws', params: { atBar: 1_500 } } });
    return ended('failed')(service, id);
  },
  'batch of short and long items, paused and resumed': async (service) => {
    const { id } = await submitBatch(service, [...shortRuns(60), longRun(3)]);
    await untilBatch(service, id, ({ items }) => items['running'] === 1);
    await service.post(`/v1/batches/${id}/pause`);
    await untilBatch(service, id, ({ status }) => status === 'paused');
    await service.post(`/v1/batches/${id}/resume`);
    await untilBatch(service, id, ({ status }) => status === 'completed');
    return id;
  },
  'batch, cancelled': async (service) => {
    const { id } = await submitBatch(service, [...shortRuns(10), longRun(20)]);
    await untilBatch(service, id, ({ items }) => items['running'] === 1);
    await service.post(`/v1/batches/${id}/cancel`);
    await untilBatch(service, id, ({ status }) => status === 'cancelled');
    return id;
  },
  sweep: async (service) => completedSweep(service, (await submitSweep(service, smallSweep)).id),
  'sweep, paused, resumed and extended': async (service) => {
    const id = await trying(service);
    await service.post(`/v1/sweeps/${id}/pause`);
    await untilSweep(service, id, ({ status }) => status === 'paused');
    await service.post(`/v1/sweeps/${id}/resume`);
    await service.post(`/v1/sweeps/${id}/extend`, { trials: 90 });
    return completedSweep(service, id);
  },
  'sweep, cancelled': async (service) => {
    const id = await trying(service);
    await service.post(`/v1/sweeps/${id}/cancel`);
    await untilSweep(service, id, ({ status }) => status === 'cancelled');
    return id;
  },
  'sweep, continued as new': async (service) => {
    const search = { kind: 'tpe', trials: 640 } as const;
    return completedSweep(service, (await submitSweep(service, { ...smallSweep, space: WIDE, search })).id);
  },
  'launch of a night': (service) => launched(service, smaCross),
  'launch of a night that fails': (service) => launched(service, { ...smaCross, strategy: { name: 'throws' } }),
  'launch of a night that is cancelled': async (service) => {
    const id = await launched(service, longRun(20), 'running');
    await service.temporal.workflow.getHandle(`launch/${id}`).cancel();
    return id;
  },
  'continued as new': async (service) => completed(service, await simulating(service, 14)),
  reset: async (service, operator) => {
    const id = await completed(service, await simulating(service));
    const points = await operator.resetPoints(id);
    await operator.resetWorkflow(id, points[Math.floor(points.length / 2)]!);
    // The row of the run before says `completed` for some moments more.
    await operator.handleOf(id).result();
    return completed(service, id);
  },
  'paused by an operator': async (service, operator) => {
    const id = await simulating(service, 4);
    await service.until(id, async () => {
      await operator.pauseActivity(id, 'the machine is needed').catch(() => undefined);
      return (await operator.pendingActivity(id))?.state === PAUSED;
    });
    await operator.unpauseActivity(id);
    return completed(service, id);
  },
  // Last, since it ends the worker.
  'worker crashed': async (service) => {
    const { id } = await service.submit(longRun(4));
    await killMidSlice(service, service.started.at(-1)!, id);
    await service.startWorker();
    return completed(service, id);
  },
};

async function record(): Promise<void> {
  const temporal = await startOwnTemporal([EVENTS_OF_A_LONG_RUN]);
  const env = { HOLDFAST_SLICE_SECONDS: '0.5', HOLDFAST_RECONCILE_SECONDS: '1', HOLDFAST_MODULES: MODULES };
  const service = await startService({ temporalAddress: temporal.address, env });
  try {
    await recordOn(service);
  } finally {
    await service[Symbol.asyncDispose]();
    await temporal[Symbol.asyncDispose]();
  }
}

async function recordOn(service: Service): Promise<void> {
  await service.startWorker();
  mkdirSync(FOLDER, { recursive: true });
  const [only = ''] = process.argv.slice(2);
  for (const file of readdirSync(FOLDER)) if (file.startsWith(only)) rmSync(path.join(FOLDER, file));
  const operator = operatorOf(service);
  for (const [shape, take] of Object.entries(SHAPES).filter(([name]) => name.startsWith(only))) {
    const id = await take(service, operator);
    const workflowId = `${['batch', 'launch', 'sweep'].find((kind) => shape.startsWith(kind)) ?? 'backtest'}/${id}`;
    // The row says how it ended some moments before the workflow has.
    await service.temporal.workflow
      .getHandle(workflowId)
      .result()
      .catch(() => undefined);
    keep(shape, workflowId, await historyOf(service, workflowId), service);
    if (shape.endsWith('continued as new')) await keepFirst(service, shape, workflowId);
    process.stdout.write(`${shape}: ${workflowId}\n`);
  }
  const [pass] = await listed(
    service,
    `WorkflowType = "reconcile" AND ExecutionStatus = "Completed" AND TaskQueue = "${service.taskQueue}"`,
  );
  keep('reconcile', pass!, await historyOf(service, pass!), service);
}

/** The run that was continued: its id alone leads to the latest one. */
async function keepFirst(service: Service, shape: string, workflowId: string): Promise<void> {
  const { history } = await service.temporal.workflowService.getWorkflowExecutionHistory({
    namespace: 'default',
    execution: { workflowId, runId: await firstRunOf(service, workflowId) },
  });
  keep(`${shape}, first part`, workflowId, history ?? {}, service);
}

async function firstRunOf(service: Service, workflowId: string): Promise<string> {
  const { events } = await historyOf(service, workflowId);
  return events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
}

async function listed(service: Service, query: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId } of service.temporal.workflow.list({ query })) ids.push(workflowId);
  return ids;
}

function historyOf(service: Service, workflowId: string): Promise<History> {
  return service.temporal.workflow.getHandle(workflowId).fetchHistory();
}

/** Without the names and paths of the machine that recorded it, and without stack traces, which hold such paths. */
function keep(shape: string, workflowId: string, history: History, { home, taskQueue }: Service): void {
  const text = historyToJSON(history)
    .replaceAll(/"stackTrace":\s*"(?:[^"\\]|\\.)*"/g, '"stackTrace": ""')
    .replaceAll(/"identity":\s*"[^"]*"/g, '"identity": "someone"')
    .replaceAll(/"[^"]*"(,\s*"kind":\s*"TASK_QUEUE_KIND_STICKY")/g, '"sticky"$1')
    .replaceAll(home, '/home')
    .replaceAll(taskQueue, 'holdfast')
    .replaceAll(hostname(), 'host');
  const file = path.join(FOLDER, `${shape.replaceAll(/[^a-z]+/g, '-')}.json`);
  writeFileSync(file, `${JSON.stringify({ workflowId, history: JSON.parse(text) })}\n`);
}

await record();
