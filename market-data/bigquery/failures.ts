import { setTimeout as delay } from 'node:timers/promises';
import { HoldfastError, type ErrorCode } from '../../shared/errors.ts';

/** What both APIs of BigQuery say went wrong. */
export interface Failure {
  /** The reason of the REST API, or the name of a gRPC status. */
  reason: string;
  message: string;
  /** HTTP status; absent without an answer. */
  status?: number;
  /** How long the server asked to wait, in ms. */
  retryAfterMs?: number;
}

/** The reasons that pass, as the troubleshooting table of the REST API lists them. */
const PASSING = new Set([
  'backendError',
  'internalError',
  'jobBackendError',
  'jobInternalError',
  'jobRateLimitExceeded',
  'rateLimitExceeded',
  'tableUnavailable',
  'timeout',
]);
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

const ADVICE: Record<string, { code: ErrorCode; advice: string }> = {
  accessDenied: {
    code: 'source_refused',
    advice: 'Give the service account roles/bigquery.jobUser on the project and roles/bigquery.dataViewer on the table.',
  },
  authError: { code: 'source_refused', advice: 'Set up Application Default Credentials for the process.' },
  required: { code: 'source_refused', advice: 'Set up Application Default Credentials for the process.' },
  billingNotEnabled: { code: 'source_refused', advice: 'Turn on billing for the project in which jobs run.' },
  notFound: { code: 'source_refused', advice: 'Compare project, dataset, table and location of the source with the console.' },
  invalidQuery: { code: 'source_refused', advice: 'The table may have changed: compare columns and types of the source with it.' },
  invalid: { code: 'source_refused', advice: 'Compare columns, types and location of the source with the table.' },
  bytesBilledLimitExceeded: {
    code: 'scan_too_large',
    advice: 'Ask for fewer symbols or a shorter range, or raise caps.perRunBytes of the source.',
  },
  quotaExceeded: { code: 'source_over_quota', advice: 'Wait for the quota of the project to renew, or raise it.' },
  resourcesExceeded: { code: 'scan_too_large', advice: 'Ask for fewer symbols or a shorter range.' },
  responseTooLarge: { code: 'scan_too_large', advice: 'Ask for fewer symbols or a shorter range.' },
};

/** Whether doing the same again may help. */
export function isPassing({ reason, status }: Failure): boolean {
  if (PASSING.has(reason) || NETWORK.has(reason) || status === 429) return true;
  return status !== undefined && status >= 500 && status !== 501;
}

/** The error of the table for a failure, with what to do. */
export function toError(source: string, failure: Failure): HoldfastError {
  const { reason, message } = failure;
  const known = ADVICE[reason] ?? (failure.status === 401 ? ADVICE['authError'] : undefined);
  const { code, advice }: { code: ErrorCode; advice: string } =
    known ??
    (isPassing(failure)
      ? { code: 'source_unavailable', advice: 'It is tried again.' }
      : { code: 'source_refused', advice: 'Look the reason up in the documentation of BigQuery.' });
  return new HoldfastError(code, `The source "${source}": BigQuery answered ${reason}: ${message.trim()} ${advice}`);
}

/** Tries in all. With doubling pauses of 0.25 to 16 s they last about half a minute; after that the step itself is tried again. */
const TRIES = 7;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 16_000;

/**
 * Repeats a request while its failure may pass: the client library knows the status of an answer only, and takes a 403 that says "slow down" for final.
 * Pauses double and are drawn from their upper half, unless the server named one.
 */
export async function persistently<Value>(
  request: () => Promise<Value>,
  failureOf: (error: unknown) => Failure | null,
  signal?: AbortSignal,
): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await request();
    } catch (error) {
      const failure = failureOf(error);
      if (failure === null || !isPassing(failure) || attempt === TRIES) throw error;
      const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
      await delay(
        Math.min(failure.retryAfterMs ?? longest * (0.5 + Math.random() / 2), 2 * LONGEST_PAUSE_MS),
        undefined,
        signal ? { signal } : {},
      );
    }
  }
}
