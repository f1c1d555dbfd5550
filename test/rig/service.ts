import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { COMPILED } from '../../local/config.ts';
import { freePort } from '../../local/ports.ts';
import { artifactPlace } from '../../artifacts/open-artifacts.ts';
import { openResultStore } from '../../results/open-store.ts';
import type { ResultStore } from '../../results/store.ts';
import type { BacktestSpecInput } from '../../shared/spec.ts';
import { openArtifactStores } from '../../worker/stores.ts';
import { createHttp, type Http } from './http.ts';
import { program, startProcess, type Ready, type Started } from './processes.ts';

export type { Started } from './processes.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const LOOPBACK = '127.0.0.1';

/** API and workers as real processes on a home folder and task queues of their own, against the Temporal server of the test run. */
export interface Service extends Http, AsyncDisposable {
  readonly home: string;
  readonly url: string;
  readonly taskQueue: string;
  readonly temporal: Client;
  /** What was answered with 202, by id. */
  readonly accepted: Map<string, BacktestSpecInput>;
  /** Every process that was started, also those that have ended. */
  readonly started: readonly Started[];
  /** The API that was started last. */
  readonly api: Started;
  /** `root` is the folder of the programs, where it is not this project's. */
  startWorker(env?: Record<string, string>, root?: string): Promise<Started>;
  /** Starts the API again, on the same port. */
  startApi(env?: Record<string, string>): Promise<Started>;
  /** A connection of one's own to the service's rows, and to its files. */
  openRows(): ResultStore;
  openFiles: () => ReturnType<typeof openArtifactStores>;
  /** Asks every process to end, and waits for it. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  temporalAddress: string;
  /** Of workers and API, beyond what every service of the rig gets. */
  env?: Record<string, string>;
  /** An empty folder for all state; one of its own without. */
  home?: string;
}

export async function startService(options: ServiceOptions): Promise<Service> {
  const { temporalAddress, env = {}, home = mkdtempSync(path.join(tmpdir(), 'holdfast-test-')) } = options;
  const taskQueue = `test-${randomUUID()}`;
  const port = await freePort(LOOPBACK);
  const url = `http://${LOOPBACK}:${port}`;
  const started: Started[] = [];
  const environment = {
    NODE_COMPILE_CACHE: COMPILED,
    ...process.env,
    HOLDFAST_HOME: home,
    HOLDFAST_TASK_QUEUE: taskQueue,
    TEMPORAL_ADDRESS: temporalAddress,
    PORT: String(port),
    LOG_LEVEL: 'warn',
    // A test run that is ended from outside leaves no process behind.
    HOLDFAST_SUPERVISED: '1',
    // Other tests would keep it from the processor otherwise.
    HOLDFAST_NICENESS: '0',
    ...env,
  };

  async function start(file: string, ready: Ready, own: Record<string, string> = {}): Promise<Started> {
    const plan = program(file, { ...environment, ...own }, path.join(home, `${started.length}.log`));
    const child = await startProcess(plan, ready);
    started.push(child);
    return child;
  }
  const startApi = (own?: Record<string, string>): Promise<Started> =>
    start(path.join(ROOT, 'api/main.ts'), () => answers(`${url}/healthz`), own);

  const connection = await Connection.connect({ address: temporalAddress });
  const temporal = new Client({ connection });
  let api = await startApi();
  await answers(`${url}/readyz`);
  const accepted = new Map<string, BacktestSpecInput>();

  return {
    home,
    url,
    taskQueue,
    temporal,
    accepted,
    started,
    get api() {
      return api;
    },
    startWorker: (own, root = ROOT) => start(path.join(root, 'worker/main.ts'), (child) => once(child, 'message'), own),
    openRows: () => openResultStore({ HOLDFAST_SYNC: 'normal', ...env, HOLDFAST_HOME: home }),
    openFiles: () => openArtifactStores(home, undefined, artifactPlace({ ...env, HOLDFAST_CACHE_MB: 1 }, env)),
    startApi: async (own) => (api = await startApi(own)),
    ...createHttp(url, (id, spec) => accepted.set(id, spec), env['API_TOKEN']),
    stop: async () => {
      await Promise.all(started.map((child) => child.kill('SIGTERM')));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(started.map((child) => child.kill('SIGKILL')));
      await cleared(temporal, taskQueue).catch(() => undefined);
      await connection.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<void> {
  while (!(await fetch(url).catch(() => null))?.ok) await delay(20);
}

/** A test that ends early leaves no workflow behind that would wait for its worker for ever. */
async function cleared(temporal: Client, taskQueue: string): Promise<void> {
  await temporal.withDeadline(Date.now() + 5_000, async () => {
    await temporal.schedule
      .getHandle(`reconcile/${taskQueue}`)
      .delete()
      .catch(() => undefined);
    const query = `TaskQueue = "${taskQueue}" AND ExecutionStatus = "Running"`;
    for await (const { workflowId } of temporal.workflow.list({ query })) {
      await temporal.workflow
        .getHandle(workflowId)
        .terminate('the test is over')
        .catch(() => undefined);
    }
  });
}
