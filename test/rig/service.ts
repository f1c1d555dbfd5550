import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { freePort } from '../../local/ports.ts';
import type { Result, Run, RunSummary } from '../../shared/run.ts';
import type { BacktestSpecInput } from '../../shared/spec.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const LOOPBACK = '127.0.0.1';

/** A process of the service, started as an operator would. */
export interface Started {
  readonly process: ChildProcess;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** API and workers as real processes on a home folder and task queues of their own, against the Temporal server of the test run. */
export interface Service extends AsyncDisposable {
  readonly home: string;
  readonly url: string;
  readonly temporal: Client;
  startWorker(): Promise<Started>;
  submit(spec: BacktestSpecInput): Promise<Run>;
  /** Follows a run until it is as wanted; fails when it ends otherwise. */
  until(id: string, wanted: (run: Run) => boolean | Promise<boolean>): Promise<Run>;
  completed(id: string): Promise<Result>;
  post(path: string): Promise<{ status: number; body: RunSummary }>;
  get<Body>(path: string): Promise<{ status: number; body: Body }>;
}

export interface ServiceOptions {
  temporalAddress: string;
  /** Of workers and API, beyond what every service of the rig gets. */
  env?: Record<string, string>;
}

export async function startService({ temporalAddress, env = {} }: ServiceOptions): Promise<Service> {
  const home = mkdtempSync(path.join(tmpdir(), 'holdfast-test-'));
  const taskQueue = `test-${randomUUID()}`;
  const port = await freePort(LOOPBACK);
  const started: Started[] = [];
  const environment = {
    ...process.env,
    HOLDFAST_HOME: home,
    HOLDFAST_TASK_QUEUE: taskQueue,
    TEMPORAL_ADDRESS: temporalAddress,
    PORT: String(port),
    LOG_LEVEL: 'warn',
    ...env,
  };

  async function start(main: string, ready: Ready): Promise<Started> {
    const child = await startProcess(main, ready, environment, path.join(home, `${started.length}.log`));
    started.push(child);
    return child;
  }

  const connection = await Connection.connect({ address: temporalAddress });
  const temporal = new Client({ connection });
  const url = `http://${LOOPBACK}:${port}`;
  await start('api/main.ts', () => answers(`${url}/readyz`));
  const http = createHttp(url);

  return {
    home,
    url,
    temporal,
    startWorker: () => start('worker/main.ts', (child) => once(child, 'message')),
    ...http,
    async [Symbol.asyncDispose]() {
      await Promise.all(started.map((child) => child.kill('SIGKILL')));
      await temporal.schedule
        .getHandle(`reconcile/${taskQueue}`)
        .delete()
        .catch(() => undefined);
      await endOpenWorkflows(temporal, taskQueue);
      await connection.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

type Ready = (child: ChildProcess) => Promise<unknown>;

async function answers(url: string): Promise<void> {
  while (!(await fetch(url).catch(() => null))?.ok) await delay(20);
}

/** Starts one of the service's programs and waits until it says that it is ready. */
async function startProcess(main: string, isReady: Ready, env: NodeJS.ProcessEnv, logFile: string): Promise<Started> {
  const log = openSync(logFile, 'w');
  const child = spawn(process.execPath, [path.join(ROOT, main)], { env, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  const exited = once(child, 'exit');
  const ready = isReady(child).then(() => true);
  if (!(await Promise.race([ready, exited.then(() => false)]))) {
    throw new Error(`${main} ended while it started:\n${readFileSync(logFile, 'utf8')}`);
  }
  return {
    process: child,
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await exited;
    },
  };
}

function createHttp(url: string): Pick<Service, 'submit' | 'until' | 'completed' | 'post' | 'get'> {
  async function call<Body>(method: string, route: string, body?: unknown): Promise<{ status: number; body: Body }> {
    const answer = await fetch(`${url}${route}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: answer.status, body: (await answer.json()) as Body };
  }
  async function until(id: string, wanted: (run: Run) => boolean | Promise<boolean>): Promise<Run> {
    for (;;) {
      const { body: run } = await call<Run>('GET', `/v1/backtests/${id}`);
      if (await wanted(run)) return run;
      if (run.finishedAt !== null) throw new Error(`run ${id} ended as ${run.status}: ${JSON.stringify(run.error)}`);
      await delay(20);
    }
  }
  return {
    until,
    get: (route) => call('GET', route),
    post: (route) => call('POST', route),
    async submit(spec) {
      const { status, body } = await call<Run>('POST', '/v1/backtests', spec);
      if (status !== 202) throw new Error(`submit answered ${status}: ${JSON.stringify(body)}`);
      return body;
    },
    async completed(id) {
      await until(id, (run) => run.status === 'completed');
      return (await call<Result>('GET', `/v1/backtests/${id}/result`)).body;
    },
  };
}

/** A test that ends early leaves no workflow behind that would wait for its worker for ever. */
async function endOpenWorkflows(temporal: Client, taskQueue: string): Promise<void> {
  const query = `TaskQueue = "${taskQueue}" AND ExecutionStatus = "Running"`;
  for await (const { workflowId } of temporal.workflow.list({ query })) {
    await temporal.workflow
      .getHandle(workflowId)
      .terminate('the test is over')
      .catch(() => undefined);
  }
}
