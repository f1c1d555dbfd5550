import { DefaultLogger, type LogEntry, type LogLevel } from '@temporalio/worker';
import { runOf } from '../shared/names.ts';
import type { WorkerConfig } from './config.ts';

/** As Pino numbers them, so that lines of workers and of the API can be read by one rule. */
const LEVELS: Record<LogLevel, number> = { TRACE: 10, DEBUG: 20, INFO: 30, WARN: 40, ERROR: 50 };

/** One JSON object a line, as the API writes them; a line of a step or a workflow names its run. */
export function createJsonLogger(level: WorkerConfig['LOG_LEVEL'], identity: string): DefaultLogger {
  const least = (level === 'silent' ? 'error' : level).toUpperCase() as LogLevel;
  return new DefaultLogger(least, (entry) => void process.stdout.write(`${JSON.stringify(lineOf(entry, identity), plain)}\n`));
}

function lineOf({ level, timestampNanos, message, meta = {} }: LogEntry, worker: string): object {
  const { error, ...rest } = meta as Record<string, unknown>;
  const runId = typeof rest['workflowId'] === 'string' ? runOf(rest['workflowId'])?.runId : undefined;
  const time = Number(timestampNanos / 1_000_000n);
  return {
    level: LEVELS[level],
    time,
    worker,
    ...(runId && { run: runId }),
    msg: message,
    ...rest,
    ...(error !== undefined && { err: errorText(error) }),
  };
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** JSON has no big integers, and a line must not be lost for one. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
