import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor, type WorkflowClientInterceptor } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { GRPC, grpcCodeOf } from '../orchestration/grpc-errors.ts';
import { createRunWorkflows, type RunWorkflowsOptions } from '../orchestration/run-workflows.ts';
import { createTemporalSchedules, type TemporalSchedules } from '../orchestration/schedules.ts';
import type { OperatorPause } from '../orchestration/workflow-state.ts';
import { HoldfastError } from '../shared/errors.ts';
import { scheduleIdOf, workflowIdOf, type WorkflowKind } from '../shared/names.ts';
import type { BacktestInput, BatchInput, NotifyInput, SweepInput } from '../shared/start.ts';

const CALL_MS = 3_000;
const CHECK_MS = 1_000;
const CHECK_AGE_MS = 2_000;
/** Given up after 2 s: by default a call that was refused for its rate is tried for half a minute, and nobody waits so long for an answer. */
const RETRY = defaultGrpcRetryOptions({ maxAttempts: 5, initialIntervalMs: () => 100 });

/** What the API asks of Temporal. Calls fail within a few seconds when it is away; none is needed to serve reads. */
export interface Orchestrator {
  /** Starts the workflow of an accepted run; harmless when it runs already or has ended. */
  start(input: BacktestInput): Promise<void>;
  startBatch(input: BatchInput): Promise<void>;
  /** `again`: the workflow may have ended, and there is more to do. */
  startSweep(input: SweepInput & { again: boolean }): Promise<void>;
  /** Starts the workflow of a run anew, whatever it is doing or has done. */
  restart(input: BacktestInput): Promise<void>;
  /** Starts the workflow that sends a message to a webhook. */
  notify(input: NotifyInput): Promise<void>;
  /** Sends a signal; false when there is no running workflow. */
  signal(runId: string, signal: 'pause' | 'resume', kind?: WorkflowKind): Promise<boolean>;
  /** Asks for cancellation; false when there is no running workflow. */
  cancel(runId: string, kind?: WorkflowKind): Promise<boolean>;
  /** What an operator has paused in Temporal, if anything. */
  operatorPause(runId: string): Promise<OperatorPause | null>;
  readonly schedules: TemporalSchedules;
  /** What is known of Temporal, at most 2 s old: a refusal costs no waiting for each request. */
  available(): Promise<boolean>;
  /** Fails with `orchestrator_unavailable` when Temporal does not answer now. */
  check(): Promise<void>;
  /** The run's page in Temporal Web. */
  readonly webUrl: (runId: string, kind?: WorkflowKind) => string;
  /** The page of a schedule there. */
  readonly scheduleUrl: (scheduleId: string) => string;
  close(): Promise<void>;
}

export interface OrchestratorOptions extends RunWorkflowsOptions {
  /** Of payloads, where they are encrypted. */
  codec?: PayloadCodec | undefined;
  /** They see each call, and may give workflows something to take along. */
  interceptors?: WorkflowClientInterceptor[];
  /** Of Temporal's UI. */
  webUrl: string;
}

/** Talks to the server of the TEMPORAL_* variables or profile file. Connects at the first call, and again after every loss. */
export function createOrchestrator(options: OrchestratorOptions): Orchestrator {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const address = connectionOptions.address ?? '127.0.0.1:7233';
  const connection = Connection.lazy({
    ...connectionOptions,
    address,
    interceptors: [makeGrpcRetryInterceptor(RETRY)],
    // gRPC's own waits between attempts grow to two minutes; a server that is back is wanted at once.
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 1_000 },
  });
  const client = new Client({
    connection,
    namespace,
    interceptors: { workflow: options.interceptors ?? [] },
    ...(options.codec && { dataConverter: { payloadCodecs: [options.codec] } }),
  });
  const workflows = createRunWorkflows(client, options);
  const withDeadline = <T>(call: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + CALL_MS, call).catch(inWords(address));

  const check = async (): Promise<void> => {
    try {
      await connection.withDeadline(Date.now() + CHECK_MS, () => connection.healthService.check({}));
    } catch (cause) {
      throw new HoldfastError('orchestrator_unavailable', `Temporal does not answer at ${address}. Start it, or set TEMPORAL_ADDRESS.`, {
        cause,
      });
    }
  };
  const schedules = createTemporalSchedules(client, options);
  const pages = new URL(`namespaces/${encodeURIComponent(namespace)}/`, `${options.webUrl.replace(/\/+$/, '')}/`).href;

  return {
    start: (input) => withDeadline(() => workflows.start(input)),
    startBatch: (input) => withDeadline(() => workflows.startBatch(input)),
    startSweep: (input) => withDeadline(() => workflows.startSweep(input)),
    notify: (input) => withDeadline(() => workflows.notify(input)),
    restart: (input) => withDeadline(() => workflows.restart(input)),
    signal: (runId, signal, kind = 'backtest') => withDeadline(() => workflows.signal(kind, runId, signal)),
    cancel: (runId, kind = 'backtest') => withDeadline(() => workflows.cancel(kind, runId)),
    operatorPause: (runId) => withDeadline(() => workflows.operatorPause('backtest', runId)),
    schedules: {
      settle: (rows, row) => withDeadline(() => schedules.settle(rows, row)),
      remove: (id) => withDeadline(() => schedules.remove(id)),
      describe: (id) => withDeadline(() => schedules.describe(id)),
      control: (...asked) => withDeadline(() => schedules.control(...asked)),
    },
    available: rememberFor(CHECK_AGE_MS, () => check().then(succeeded, failed)),
    check,
    webUrl: (runId, kind = 'backtest') => `${pages}workflows/${encodeURIComponent(workflowIdOf(kind, runId))}`,
    scheduleUrl: (id) => `${pages}schedules/${encodeURIComponent(scheduleIdOf(id))}`,
    close: () => connection.close(),
  };
}

/** Calls that did not come through, as an error that the API can answer; all others as they are. */
function inWords(address: string) {
  return (cause: unknown): never => {
    const said = WORDS[grpcCodeOf(cause) ?? -1]?.(address);
    if (said === undefined) throw cause;
    throw new HoldfastError('orchestrator_unavailable', `${said}. Try again in some seconds.`, { cause });
  };
}

const silence = (address: string): string => `Temporal does not answer at ${address}`;
const WORDS: Partial<Record<number, (address: string) => string>> = {
  [GRPC.resourceExhausted]: () => 'Temporal takes no more calls for the moment',
  [GRPC.unavailable]: silence,
  [GRPC.deadlineExceeded]: silence,
};

const succeeded = (): boolean => true;
const failed = (): boolean => false;

/** Asks at most once in `ms`; callers meanwhile share the answer. */
function rememberFor<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let askedAt = -Infinity;
  return () => {
    if (answer === undefined || performance.now() - askedAt > ms) {
      askedAt = performance.now();
      answer = ask();
    }
    return answer;
  };
}
