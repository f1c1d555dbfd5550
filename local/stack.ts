import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { COMPILED, type LocalConfig, PROJECT } from './config.ts';
import { LocalError } from './local-error.ts';
import { type ChildPlan, superviseChild } from './supervised-child.ts';
import { LOOPBACK, givenTemporal, temporalReady, temporalServerArgs } from './temporal-server.ts';

const TEMPORAL_READY_MS = 60_000;
const GIVEN_TEMPORAL_MS = 15_000;
const WORKER_READY_MS = 120_000;
const API_READY_MS = 60_000;

export interface Stack {
  /** Resolves when every part can do its work; rejects with the reason when one cannot. */
  ready: Promise<void>;
  /** Ends every child: worker and API first, then Temporal, so that running slices can report where they stopped. */
  stop: () => Promise<void>;
}

export interface StackEvents {
  say: (line: string) => void;
  /** A child process was started under this name. */
  started: (name: string, pid: number) => void;
}

export interface StackConfig extends LocalConfig {
  /** Folder of the export of the page; it may be built later. */
  page: string;
}

/** Starts Temporal (with the CLI at `cli`; null where TEMPORAL_ADDRESS names a server), the worker and the API. */
export function startStack(config: StackConfig, cli: string | null, events: StackEvents): Stack {
  const supervise = (plan: ChildPlan) => {
    writeFileSync(plan.logFile, '');
    return superviseChild(plan, { say: events.say, started: (pid) => events.started(plan.name, pid) });
  };
  const temporal = cli === null ? null : supervise(temporalPlan(config, cli));
  const given =
    temporal === null ? temporalReady(givenTemporal(), AbortSignal.timeout(GIVEN_TEMPORAL_MS)).catch(cannotReach(config)) : null;
  // Both wait for Temporal by themselves; started now, they load and bundle meanwhile.
  const others = [supervise(workerPlan(config)), supervise(apiPlan(config))];
  const ready = Promise.all([given, temporal?.ready, ...others.map((child) => child.ready)]).then(() => undefined);
  ready.catch(() => {}); // Whoever waits for it is told.
  return {
    ready,
    stop: async () => {
      await Promise.all(others.map((child) => child.stop()));
      await temporal?.stop();
    },
  };
}

function temporalPlan(config: LocalConfig, cli: string): ChildPlan {
  const options = {
    port: config.TEMPORAL_PORT,
    uiPort: config.TEMPORAL_UI_PORT,
    sync: config.HOLDFAST_SYNC,
    ...(config.HOLDFAST_PAYLOAD_KEYS && { codecEndpoint: `http://${LOOPBACK}:${config.PORT}/v1/admin/codec` }),
  };
  return {
    name: 'temporal',
    command: cli,
    args: temporalServerArgs({ ...options, databaseFile: path.join(config.HOLDFAST_HOME, 'temporal.sqlite') }),
    env: process.env,
    logFile: logFile(config, 'temporal'),
    ipc: false,
    niceness: 0,
    ready: (_child, signal) =>
      temporalReady(
        { connection: { address: temporalAddress(config) }, namespace: 'default' },
        AbortSignal.any([signal, AbortSignal.timeout(TEMPORAL_READY_MS)]),
      ),
    stopWithinMs: 10_000,
  };
}

function workerPlan(config: LocalConfig): ChildPlan {
  const plan = nodePlan(config, 'worker');
  return {
    ...plan,
    // Node's own four threads would be busy waiting for the disk while other files are to be written.
    env: { UV_THREADPOOL_SIZE: '16', ...plan.env, ...nextMonitorPort() },
    niceness: Number(process.env.HOLDFAST_NICENESS || 10),
    async ready(child, signal) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(WORKER_READY_MS)]);
      while (!isReadyMessage(await nextMessage(child, limit)));
    },
    // A slice in flight stops at a bar boundary and stores its checkpoint.
    stopWithinMs: (Number(process.env.HOLDFAST_GRACE_SECONDS || 20) + 10) * 1_000,
  };
}

/** Both processes read one setting, and need a port each. */
function nextMonitorPort(): { HOLDFAST_MONITOR_PORT?: string } {
  const port = process.env.HOLDFAST_MONITOR_PORT;
  return port ? { HOLDFAST_MONITOR_PORT: String(Number(port) + 1) } : {};
}

function apiPlan(config: StackConfig): ChildPlan {
  const plan = nodePlan(config, 'api');
  return {
    ...plan,
    env: { HOLDFAST_PAGE: config.page, ...plan.env },
    niceness: 0,
    ready: (_child, signal) => answersReady(apiUrl(config), AbortSignal.any([signal, AbortSignal.timeout(API_READY_MS)])),
    stopWithinMs: 15_000,
  };
}

function nodePlan(config: LocalConfig, name: 'worker' | 'api'): Omit<ChildPlan, 'ready' | 'niceness' | 'stopWithinMs'> {
  const { HOLDFAST_HOME, HOLDFAST_SYNC, HOST } = config;
  const settings = { HOLDFAST_HOME, HOLDFAST_SYNC, HOST, PORT: String(config.PORT), HOLDFAST_SUPERVISED: '1' };
  const HOLDFAST_URL = process.env.HOLDFAST_URL || apiUrl(config);
  const own = { TEMPORAL_ADDRESS: temporalAddress(config), TEMPORAL_WEB_URL: temporalWebUrl(config) ?? undefined };
  return {
    name,
    command: process.execPath,
    args: [path.join(PROJECT, name, 'main.ts')],
    env: { NODE_COMPILE_CACHE: COMPILED, ...process.env, ...settings, HOLDFAST_URL, ...own },
    logFile: logFile(config, name),
    ipc: true,
  };
}

function logFile({ HOLDFAST_HOME }: LocalConfig, name: string): string {
  return path.join(HOLDFAST_HOME, 'logs', `${name}.log`);
}

function temporalAddress(config: LocalConfig): string {
  return config.TEMPORAL_ADDRESS ?? `${LOOPBACK}:${config.TEMPORAL_PORT}`;
}

/** Null where the server is someone else's and nothing says where its page is. */
export function temporalWebUrl(config: LocalConfig): string | null {
  if (config.TEMPORAL_ADDRESS !== undefined) return process.env.TEMPORAL_WEB_URL || null;
  return `http://${LOOPBACK}:${config.TEMPORAL_UI_PORT}`;
}

/** Where this machine reaches the API, also when it listens on every interface. */
export function apiUrl({ HOST, PORT }: LocalConfig): string {
  return `http://${['0.0.0.0', '::'].includes(HOST) ? LOOPBACK : HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`;
}

async function nextMessage(child: ChildProcess, signal: AbortSignal): Promise<unknown> {
  const [message] = await once(child, 'message', { signal });
  return message;
}

function isReadyMessage(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';
}

async function answersReady(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]) }).catch(() => null);
    if (response?.ok) return;
    await delay(50, undefined, { signal });
  }
}

function cannotReach({ TEMPORAL_ADDRESS }: LocalConfig) {
  return (cause: unknown): never => {
    throw new LocalError(`No Temporal server answers at ${TEMPORAL_ADDRESS}. Start it, or unset TEMPORAL_ADDRESS to have one started.`, {
      cause,
    });
  };
}
