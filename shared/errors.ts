/**
 * The error table: what can go wrong, its HTTP status, whether a retry may help, and its title.
 * No package is imported here: the workflow bundle takes this file as a value.
 */

interface ErrorRule {
  /** HTTP status of the answer. */
  status: number;
  /** Whether doing the same again later may succeed. */
  retryable: boolean;
  /** One line for people, the same at every occurrence. */
  title: string;
}

export const ERRORS = {
  // The request
  malformed_request: { status: 400, retryable: false, title: 'The request could not be read' },
  unauthorized: { status: 401, retryable: false, title: 'A token is needed' },
  forbidden: { status: 403, retryable: false, title: 'This token may not do that' },
  owner_disabled: { status: 403, retryable: false, title: 'This account is disabled' },
  strategy_disabled: { status: 403, retryable: false, title: 'This strategy is disabled' },
  forbidden_origin: { status: 403, retryable: false, title: 'This Host or Origin is not allowed' },
  not_found: { status: 404, retryable: false, title: 'Not found' },
  method_not_allowed: { status: 405, retryable: false, title: 'This address does not take this method' },
  not_finished: { status: 409, retryable: true, title: 'The run has no result yet' },
  already_finished: { status: 409, retryable: false, title: 'The run has already finished' },
  finishing: { status: 409, retryable: false, title: 'The run is writing its result and can no longer be stopped' },
  cancelling: { status: 409, retryable: false, title: 'The run is being cancelled' },
  part_of_batch: { status: 409, retryable: false, title: 'The run is an item of a batch, and is steered by it' },
  partial_result: { status: 409, retryable: false, title: 'The run was stopped before its end' },
  not_forgettable: { status: 409, retryable: false, title: 'There are runs that are not finished, or schedules' },
  not_deletable: { status: 409, retryable: false, title: 'Only a finished run can be deleted' },
  key_in_flight: { status: 409, retryable: true, title: 'A request with this Idempotency-Key is still being processed' },
  payload_too_large: { status: 413, retryable: false, title: 'The request is too large' },
  unsupported_media_type: { status: 415, retryable: false, title: 'This content type is not supported' },
  invalid_request: { status: 422, retryable: false, title: 'The request is not valid' },
  invalid_spec: { status: 422, retryable: false, title: 'The spec is not valid' },
  key_reused: { status: 422, retryable: false, title: 'This Idempotency-Key was used with another payload' },
  too_many_requests: { status: 429, retryable: true, title: 'Too many requests' },
  over_quota: { status: 429, retryable: true, title: 'A limit of this owner is reached' },
  too_many_streams: { status: 429, retryable: true, title: 'Too many event streams are open' },
  too_many_of_a_kind: { status: 409, retryable: false, title: 'There are as many of these as there may be' },
  // Dependencies
  overloaded: { status: 503, retryable: true, title: 'The service is overloaded' },
  sign_in_unavailable: { status: 503, retryable: true, title: 'The sign-in service does not answer' },
  orchestrator_unavailable: { status: 503, retryable: true, title: 'Temporal does not answer' },
  store_unavailable: { status: 503, retryable: true, title: 'The row store does not answer' },
  artifact_unavailable: { status: 503, retryable: true, title: 'The artifact store does not answer' },
  // The run
  unknown_symbol: { status: 422, retryable: false, title: 'The data source does not know a symbol' },
  no_data: { status: 422, retryable: false, title: 'There are no bars in this range' },
  source_unavailable: { status: 503, retryable: true, title: 'The data source does not answer' },
  source_refused: { status: 502, retryable: false, title: 'The data source refused the request' },
  source_over_quota: { status: 429, retryable: false, title: 'The quota of the data source is used up' },
  scan_too_large: { status: 422, retryable: false, title: 'Reading the bars would scan more than is allowed' },
  scan_over_quota: { status: 429, retryable: false, title: "The day's scans of this owner are used up" },
  bad_data: { status: 422, retryable: false, title: 'The bars are not fit to trade on' },
  // A run that needs such a file begins anew: a retry of the step alone would not help.
  artifact_damaged: { status: 500, retryable: false, title: 'A stored file does not match its hash' },
  artifact_missing: { status: 500, retryable: false, title: 'A stored file is missing' },
  strategy_failed: { status: 500, retryable: false, title: 'The strategy threw an error' },
  strategy_changed: { status: 409, retryable: false, title: "The strategy's source was changed while a run used it" },
  module_crashed: { status: 500, retryable: true, title: 'The module ended its own process' },
  module_out_of_memory: { status: 500, retryable: true, title: 'The module took more memory than it may' },
  module_stalled: { status: 500, retryable: true, title: 'A single call of the module took longer than it may' },
  stalled: { status: 503, retryable: true, title: 'The run is tried again and again without getting ahead' },
  sweep_too_large: { status: 422, retryable: false, title: 'The bars of a sweep do not fit into the memory of a worker' },
  spec_not_known: { status: 500, retryable: true, title: 'The run was accepted by a newer version' },
  run_too_long: { status: 500, retryable: false, title: 'The run took more simulation time than it may' },
  workflow_ended: { status: 500, retryable: false, title: 'The workflow ended without a result' },
  internal: { status: 500, retryable: true, title: 'Something unexpected happened' },
} as const satisfies Record<string, ErrorRule>;

export type ErrorCode = keyof typeof ERRORS;

/** One fault in an input: where it is (`data.symbols.0`) and what is wrong with it. */
export interface Fault {
  path: string;
  message: string;
  /** In an expression: the characters [from, to) of its text. */
  from?: number | undefined;
  to?: number | undefined;
}

/** An error of the table. `message` says what happened and what to do; `faults` lists all that is wrong at once. */
export class HoldfastError extends Error {
  readonly code: ErrorCode;
  readonly faults: readonly Fault[];

  constructor(code: ErrorCode, message: string, options: { faults?: readonly Fault[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HoldfastError';
    this.code = code;
    this.faults = options.faults ?? [];
  }
}

/** True for a code of the table; failures that crossed Temporal carry theirs as a plain string. */
export function isErrorCode(code: string | undefined | null): code is ErrorCode {
  return code !== undefined && code !== null && Object.hasOwn(ERRORS, code);
}
