import type { BigQuery } from '@google-cloud/bigquery';
import { HoldfastError } from '../../shared/errors.ts';
import type { BigQuerySource } from './config.ts';
import { persistently, toError, type Failure } from './failures.ts';

/** A request to the REST API of BigQuery, below the project that pays. */
interface RestRequest {
  method: 'GET' | 'POST';
  path: string;
  query?: Record<string, string | number>;
  body?: object;
  /** Of the path, where it is not the one that pays. */
  project?: string;
}

/** The REST API, with patience: what may pass is tried again. Fails with the codes of {@link toError}. */
export interface RestApi {
  readonly project: string;
  readonly location: string;
  call(request: RestRequest, signal?: AbortSignal): Promise<unknown>;
  /** As {@link call}; a failure with one of these reasons is handed back as `null`. */
  callUnless(reasons: readonly string[], request: RestRequest, signal?: AbortSignal): Promise<unknown>;
}

/** A variable of the official clients: the address of an emulator, which takes anyone. */
const EMULATOR = 'BIGQUERY_EMULATOR_HOST';

export function isEmulated(): boolean {
  return Boolean(process.env[EMULATOR]);
}

/** The client library is loaded at the first request, so that a process without such requests does not pay for it. */
export function createRestApi({ name, project, billingProject = project, location }: BigQuerySource): RestApi {
  let loading: Promise<BigQuery> | undefined;
  const client = () => (loading ??= connect(billingProject, location));

  async function attempt(request: RestRequest, signal?: AbortSignal): Promise<unknown> {
    const bigquery = await client();
    return persistently(() => send(bigquery, request, signal), failureOf, signal);
  }
  async function callUnless(reasons: readonly string[], request: RestRequest, signal?: AbortSignal): Promise<unknown> {
    try {
      return await attempt(request, signal);
    } catch (error) {
      const failure = failureOf(error);
      if (failure === null) throw error;
      if (reasons.includes(failure.reason)) return null;
      throw toError(name, failure);
    }
  }
  return { project: billingProject, location, call: (request, signal) => callUnless([], request, signal), callUnless };
}

async function connect(projectId: string, location: string): Promise<BigQuery> {
  const { BigQuery } = await import('@google-cloud/bigquery');
  const emulator = process.env[EMULATOR];
  // Retries are made here, by reason.
  const options = { projectId, location, autoRetry: false, maxRetries: 0 };
  if (!emulator) return new BigQuery(options);
  const { PassThroughClient } = await import('google-auth-library');
  const client = new BigQuery({ ...options, authClient: new PassThroughClient() as never });
  client.baseUrl = emulatorBase(emulator);
  return client;
}

/** Base of the addresses of an emulator. The library takes the variable for all of it; emulators document it as their host. */
export function emulatorBase(host: string): string {
  const base = /^https?:/.test(host) ? host : `http://${host}`;
  return new URL(base).pathname === '/' ? `${base.replace(/\/$/, '')}/bigquery/v2` : base;
}

/** The library cannot take a request back: after an abort its answer is ignored. */
function send(bigquery: BigQuery, { method, path, query, body, project }: RestRequest, signal?: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal!.reason as Error);
    signal?.addEventListener('abort', abort, { once: true });
    const options = { method, uri: path, ...(query && { qs: query }), ...(body && { json: body }), ...(project && { projectId: project }) };
    bigquery.request(options, (error, answer) => {
      signal?.removeEventListener('abort', abort);
      if (error) reject(error);
      else resolve(answer);
    });
  });
}

interface ApiErrorShape {
  code?: number | string;
  errors?: { reason?: string; message?: string }[];
  response?: { statusCode?: number; headers?: { get?: (name: string) => string | null; 'retry-after'?: string } };
}

/** Null for what is not a failure of the request: a cancelled wait, a mistake in this code. */
function failureOf(error: unknown): Failure | null {
  if (error instanceof HoldfastError || !(error instanceof Error) || error.name === 'AbortError') return null;
  const { code, errors, response } = error as ApiErrorShape;
  const first = errors?.[0] ?? {};
  const status = response?.statusCode ?? (typeof code === 'number' ? code : undefined);
  const reason = first.reason ?? reasonOf(code, status);
  if (reason === null) return null;
  return { reason, message: first.message ?? error.message, ...definedOf({ status, retryAfterMs: retryAfterOf(response) }) };
}

function reasonOf(code: number | string | undefined, status: number | undefined): string | null {
  if (typeof code === 'string') return networkReason(code);
  return status === undefined ? null : `HTTP ${status}`;
}

function definedOf({ status, retryAfterMs }: { status: number | undefined; retryAfterMs: number | undefined }) {
  return { ...(status !== undefined && { status }), ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** An answer that ends halfway has another code than a connection that does. */
function networkReason(code: string): string {
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code.startsWith('UND_ERR') ? 'ECONNRESET' : code;
}

/** Seconds, or a date. */
function retryAfterOf(response: ApiErrorShape['response']): number | undefined {
  const headers = response?.headers ?? {};
  const value = typeof headers.get === 'function' ? headers.get('retry-after') : headers['retry-after'];
  if (typeof value !== 'string') return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
