import { API_META } from '#shared/page-policy.ts';
import type { Problem } from '#shared/problem.ts';
import { createStore } from './store.ts';

/** Of the API: the page's own origin where the API serves it, else what its host was told; `next dev` takes it from the environment. */
const API_URL = (toldAddress() ?? process.env['NEXT_PUBLIC_API_URL'] ?? '').replace(/\/+$/, '');

function toldAddress(): string | undefined {
  return globalThis.document?.querySelector<HTMLMetaElement>(`meta[name="${API_META}"]`)?.content;
}

/** An answer that says no, with the problem details that explain it. */
export class RefusedError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'RefusedError';
    this.problem = problem;
  }
}

/** No answer came: the network or the service is away. */
export class UnreachableError extends Error {
  constructor(cause: unknown, message = 'The service does not answer. What runs goes on; the page catches up by itself once it is back.') {
    super(message, { cause });
    this.name = 'UnreachableError';
  }
}

/** Gives the token to send; null where nobody signs in. Fails with {@link UnreachableError} where it must be renewed and cannot. Set once by the session. */
type TokenSource = () => Promise<string | null>;
let tokenSource: TokenSource = () => Promise.resolve(null);
export function setTokenSource(source: TokenSource): void {
  tokenSource = source;
}
let whenTokenRefused = (): void => undefined;
/** The session hears of it, whoever asked. */
export function onTokenRefused(listener: () => void): void {
  whenTokenRefused = listener;
}
/** For what cannot go through {@link fetchApi}. */
export const currentToken = (): Promise<string | null> => tokenSource();

/** The secret of a link by which somebody else's run is read; all requests of the page then carry it. */
export const shareSecret = createStore<string | null>(null);

export interface Call {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  query?: Query;
  /** Sent as JSON; a Blob as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}
export type Query = Record<string, string | number | boolean | null | undefined>;

/** Address of something in the API, its query without what is not given. */
export function apiUrl(path: string, query: Query = {}): string {
  const given = Object.entries({ ...query, share: shareSecret.get() }).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `${API_URL}${path}${search && (path.includes('?') ? '&' : '?')}${search}`;
}

/** Asks the API. Fails with {@link RefusedError} or {@link UnreachableError}; a call that was given up fails as `fetch` does. */
export async function fetchApi(path: string, { method = 'GET', query, body, headers, signal }: Call = {}): Promise<Response> {
  const token = await tokenSource();
  const isRaw = body instanceof Blob;
  const answer = await fetch(apiUrl(path, query), {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && !isRaw && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: isRaw ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new UnreachableError(error);
  });
  if (!answer.ok) throw refused(answer.status, await answer.text().catch(() => ''));
  return answer;
}

/** {@link fetchApi}, and the JSON of its answer; undefined for an answer without a body. */
export async function callApi<Answer>(path: string, call?: Call): Promise<Answer> {
  const answer = await fetchApi(path, call);
  return (answer.status === 204 ? undefined : await answer.json()) as Answer;
}

/** Saves a file of the API under its own name, also where a token is needed, which a plain link could not send. */
export async function download(path: string, query?: Query): Promise<void> {
  const answer = await fetchApi(path, query && { query });
  const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? path.split('/').at(-1)!;
  saveFile(await answer.blob(), name);
}

export function saveFile(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Of an answer that says no; its text need not be JSON, as where a proxy answered. */
export function refused(status: number, text: string): RefusedError {
  if (status === 401) whenTokenRefused();
  const title = `The service answered ${status}`;
  const problem = { type: 'about:blank', title, status, detail: 'Try again in a moment.', code: 'internal', errors: [] };
  return new RefusedError({ ...problem, ...partOf(text) });
}

function partOf(text: string): Partial<Problem> {
  try {
    return JSON.parse(text) as Partial<Problem>;
  } catch {
    return {};
  }
}
