import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { createFolderStore } from '../artifacts/folder-store.ts';
import { bundledSources } from '../market-data/catalog.ts';
import { createOwnersMarketData } from '../market-data/uploads/owners.ts';
import { settleSchedule } from '../orchestration/settle-schedule.ts';
import type { OperatorPause } from '../orchestration/workflow-state.ts';
import type { Projection } from '../results/runs.ts';
import { createModuleCatalog } from '../module-host/module-catalog.ts';
import { createModuleFiles } from '../module-host/module-files.ts';
import { createSqliteStore } from '../results/sqlite.ts';
import { HoldfastError } from '../shared/errors.ts';
import type { Run } from '../shared/run.ts';
import { buildApp } from './app.ts';
import { createBlocks } from './auth/blocks.ts';
import { readConfig, type ApiConfig } from './config.ts';
import type { Orchestrator } from './orchestrator.ts';
import { limitsByPlan } from '../shared/limits.ts';
import { createStrategyCatalog } from './strategy-catalog.ts';

const SHIPPED_MODULES = join(import.meta.dirname, '../strategies/modules');

export type TestService = Awaited<ReturnType<typeof startTestService>>;

/** Of the workers that there would be. */
const workerMemoryBytes = 2 ** 30;

/** The service on real rows, files and bars in a folder of its own; only Temporal is played by {@link createRecordingOrchestrator}. */
export async function startTestService(settings: Partial<ApiConfig> = {}, modules = SHIPPED_MODULES) {
  const { HOLDFAST_PLANS: plans, ...config } = settings;
  const folder = mkdtempSync(join(tmpdir(), 'api-'));
  const store = createSqliteStore({ file: join(folder, 'rows.sqlite'), sync: 'normal' });
  mkdirSync(join(folder, 'artifacts'));
  const artifacts = createFolderStore({ folder: join(folder, 'artifacts') });
  const marketData = createOwnersMarketData({ sources: bundledSources(), artifacts, memoryBytes: workerMemoryBytes }, store);
  const strategies = createStrategyCatalog(createModuleCatalog(createModuleFiles(modules)));
  const orchestrator = createRecordingOrchestrator();
  const build = (): Promise<FastifyInstance> =>
    buildApp(
      {
        store,
        artifacts,
        marketData,
        strategies,
        orchestrator,
        workerMemoryBytes,
        blocks: createBlocks(store),
        limitsOf: limitsByPlan(plans),
      },
      // Many tests at once keep a machine busy.
      { ...readConfig({ HOLDFAST_PAGE: 'off', HOLDFAST_UPLOAD_MB: '1', LOG_LEVEL: 'silent', HOLDFAST_OVERLOAD_MS: '60000' }), ...config },
    );
  const app = await build();
  let sequence = 0;

  const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, options: InjectOptions = {}): Promise<LightMyRequestResponse> =>
    app.inject({ method, url, ...options });
  return {
    app,
    store,
    artifacts,
    orchestrator,
    call,
    get: (url: string, headers: Record<string, string> = {}) => call('GET', url, { headers }),
    post: (url: string, payload?: object, headers: Record<string, string> = {}) =>
      call('POST', url, { headers, ...(payload && { payload }) }),
    /** Submits a sound spec with these changes. */
    submit: async (changes: object = {}): Promise<Run> =>
      (await call('POST', '/v1/backtests', { payload: { ...SPEC, ...changes } })).json(),
    /** Moves a run on as its workflow would. */
    project: (runId: string, change: Projection['change']) => store.project({ runId, epoch: 1, sequence: ++sequence, change }),
    /** The service anew, on the same rows and files. */
    restart: build,
    close: async () => {
      await app.close();
      store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export const SPEC = { data: { source: 'sample', symbols: ['AAPL'] }, strategy: { name: 'sma-cross', params: { fast: 10, slow: 30 } } };

/** Notes what is asked of Temporal; `away` makes every call fail, as if the server were gone. */
function createRecordingOrchestrator() {
  const calls: string[] = [];
  const state = { away: false, knownAway: false, paused: null as OperatorPause | null };
  const answer = async (call: string): Promise<boolean> => {
    if (state.away) throw new HoldfastError('orchestrator_unavailable', 'Temporal does not answer');
    calls.push(call);
    return true;
  };
  const orchestrator: Orchestrator = {
    start: async ({ runId }) => void (await answer(`start ${runId}`)),
    notify: async ({ deliveryId }) => void (await answer(`notify ${deliveryId}`)),
    restart: async ({ runId }) => void (await answer(`restart ${runId}`)),
    startBatch: async ({ batchId }) => void (await answer(`start batch ${batchId}`)),
    startSweep: async ({ sweepId, again }) => void (await answer(`start sweep ${sweepId}${again ? ' again' : ''}`)),
    signal: (runId, signal) => answer(`${signal} ${runId}`),
    cancel: (runId) => answer(`cancel ${runId}`),
    operatorPause: async () => {
      if (state.away) throw new HoldfastError('orchestrator_unavailable', 'Temporal does not answer');
      return state.paused;
    },
    schedules: playSchedules(answer),
    available: async () => !state.knownAway,
    check: async () => {
      if (state.away || state.knownAway) throw new HoldfastError('orchestrator_unavailable', 'Temporal does not answer');
    },
    webUrl: (runId) => `http://127.0.0.1:8233/${runId}`,
    scheduleUrl: (id) => `http://127.0.0.1:8233/schedules/${id}`,
    close: async () => undefined,
  };
  return { ...orchestrator, calls, state };
}

/** Knows which schedules there are, and whether they are paused; none of them is ever due. */
function playSchedules(answer: (call: string) => Promise<boolean>): Orchestrator['schedules'] {
  const paused = new Map<string, boolean>();
  const temporal = {
    apply: async ({ id, beginsPaused }: { id: string; beginsPaused: boolean }) => {
      await answer(`apply schedule ${id}`);
      paused.set(id, paused.get(id) ?? beginsPaused);
    },
    remove: async (id: string) => {
      await answer(`remove schedule ${id}`);
      paused.delete(id);
    },
  };
  return {
    settle: (rows, row) => settleSchedule(rows, temporal, row),
    remove: temporal.remove,
    describe: async (id) => {
      const isPaused = paused.get(id);
      return isPaused === undefined ? null : { paused: isPaused, note: null, nextRuns: [], skippedByOverlap: 0, missed: 0 };
    },
    control: async (id, control, requestId) => {
      await answer(`${control.kind} schedule ${id} ${requestId}`);
      if (control.kind === 'pause' || control.kind === 'resume') paused.set(id, control.kind === 'pause');
      return paused.has(id);
    },
  };
}
