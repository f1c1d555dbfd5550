/**
 * Every name that two processes must agree on. No package is imported here: the workflow bundle takes this file as a value.
 */

export const RUN_KINDS = ['backtest', 'sweep'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

export const RUN_STATUSES = ['queued', 'running', 'pausing', 'paused', 'cancelling', 'completed', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const TERMINAL_STATUSES = ['completed', 'failed', 'cancelled'] as const satisfies readonly RunStatus[];
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];

/** True when nothing will change in a run of this status any more. */
export function isTerminal(status: RunStatus): status is TerminalStatus {
  return (TERMINAL_STATUSES as readonly RunStatus[]).includes(status);
}

export const RUN_PHASES = ['fetch', 'simulate', 'aggregate'] as const;
export type RunPhase = (typeof RUN_PHASES)[number];

export const RUN_REQUESTS = ['pause', 'resume', 'cancel'] as const;
export type RunRequest = (typeof RUN_REQUESTS)[number];

/** Workflow types, as Temporal Web shows them. */
export const WORKFLOWS = {
  backtest: 'backtest',
  sweep: 'sweep',
  batch: 'batch',
  launch: 'launch',
  reconcile: 'reconcile',
  notify: 'notify',
  tidy: 'tidy',
} as const;

/** Signals a backtest workflow listens to. They take no argument, so that an operator can send them from Temporal Web. */
export const SIGNALS = { pause: 'pause', resume: 'resume' } as const;

/** Of what the service does by itself. */
export const OWN_SCHEDULES = { reconcile: 'reconcile', tidy: 'tidy' } as const;

/** What users start, and a workflow stands behind. */
export const WORKFLOW_KINDS = [...RUN_KINDS, 'batch'] as const;
export type WorkflowKind = (typeof WORKFLOW_KINDS)[number];

/** `backtest/0199…`: readable in Temporal Web, and one workflow a run by Temporal's own uniqueness. */
export function workflowIdOf(kind: WorkflowKind | 'notify', runId: string): string {
  return `${kind}/${runId}`;
}

/** The run or batch that a workflow id names; null for workflows that are neither's. */
export function runOf(workflowId: string): { kind: WorkflowKind; runId: string } | null {
  const [name, runId] = workflowId.split('/');
  const kind = WORKFLOW_KINDS.find((each) => each === name);
  return kind === undefined || runId === undefined ? null : { kind, runId };
}

/** Where the API serves a run. */
export function runPathOf(runId: string, kind: RunKind = 'backtest'): string {
  return `/v1/${kind}s/${runId}`;
}

export function batchPathOf(batchId: string): string {
  return `/v1/batches/${batchId}`;
}

/** Of a schedule in Temporal. */
export function scheduleIdOf(scheduleId: string): string {
  return `schedule/${scheduleId}`;
}

/** The schedule that an id of Temporal's names; null for those of the service itself. */
export function scheduleOf(temporalId: string): string | null {
  const [name, scheduleId] = temporalId.split('/');
  return name === 'schedule' && scheduleId !== undefined ? scheduleId : null;
}

/** Temporal adds the nominal time of each night. */
export function launchIdOf(scheduleId: string): string {
  return `launch/${scheduleId}`;
}

export function schedulePathOf(scheduleId: string): string {
  return `/v1/schedules/${scheduleId}`;
}

/** What a workflow is told beside its argument: `api` is the address at which people reach the service. */
export const MEMO = { api: 'api' } as const;

/** Four queues, because their slots differ: workflows and short steps, network-bound fetches, CPU-bound slices, and the trials of sweeps, beside which these go on. */
export function taskQueues(prefix: string): { control: string; fetch: string; simulate: string; trials: string } {
  return { control: prefix, fetch: `${prefix}-fetch`, simulate: `${prefix}-simulate`, trials: `${prefix}-trials` };
}

/** Most backtests that are accepted at once. */
export const BATCH_LIMIT = 2_000;

/** Most trials of a sweep. */
export const SWEEP_LIMIT = 1_000_000;

export const DEFAULT_TASK_QUEUE = 'holdfast';

/** Search attributes of a run: name → Temporal type. At most 10 Keyword and 3 of each other type fit on SQL visibility stores. */
export const SEARCH_ATTRIBUTES = {
  RunOwner: 'Keyword',
  RunKind: 'Keyword',
  RunStrategy: 'Keyword',
  RunPhase: 'Keyword',
  RunSymbols: 'KeywordList',
  RunProgress: 'Double',
} as const;

/** The owner of every run while no sign-in is configured. */
export const EMBEDDED_OWNER = 'local';

/** Owner of artifacts that anyone may read: datasets of public sources. */
export const PUBLIC_SCOPE = 'public';
