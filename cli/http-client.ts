import { Problem } from '../shared/problem.ts';

const TIMEOUT_MS = 30_000;

interface Call {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the address of the service, with its leading slash. */
  path: string;
  /** Members that are undefined are left out; a list repeats its name. */
  query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  body?: unknown;
  /** Sent as it comes, however long that takes. */
  content?: { type: string; parts: AsyncIterable<Uint8Array> };
  headers?: Readonly<Record<string, string>>;
  /** Ends a stream. */
  signal?: AbortSignal;
}

export interface HttpClient {
  url: string;
  /** The body of a JSON answer. Rejects with {@link RefusedError} or {@link UnreachableError}. */
  json(call: Call): Promise<unknown>;
  /** The body of an answer as it comes in, for text of any length. Where it breaks off, {@link UnreachableError}. */
  stream(call: Call): Promise<AsyncIterable<Uint8Array>>;
}

/** The service answered with problem details; the message lists every fault with its path. */
export class RefusedError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    const faults = problem.errors.map(({ path, message }) => `  ${path || '(the whole)'}: ${message}`);
    super([problem.detail || problem.title, ...faults].join('\n'));
    this.name = 'RefusedError';
    this.problem = problem;
  }
}

/** Nothing answered at the address. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** A client for the service at `url` (`http://127.0.0.1:4000`); `token` is sent as a bearer token where there is one. */
export function createHttpClient({ url, token }: { url: string; token?: string | undefined }): HttpClient {
  const base = url.replace(/\/+$/, '');

  async function send({ method = 'GET', path, query = {}, body, content, headers = {} }: Call, signal?: AbortSignal): Promise<Response> {
    const sent = new Headers(headers);
    if (token) sent.set('authorization', `Bearer ${token}`);
    if (body !== undefined) sent.set('content-type', 'application/json');
    const init: RequestInit = { method, headers: sent, ...(signal && { signal }) };
    if (body !== undefined) init.body = JSON.stringify(body);
    if (content !== undefined) {
      sent.set('content-type', content.type);
      Object.assign(init, { body: ReadableStream.from(content.parts), duplex: 'half' });
    }
    const response = await fetch(addressOf(base + path, query), init).catch((error: unknown) => {
      throw unreachable(base, error);
    });
    if (!response.ok) throw new RefusedError(await problemOf(response));
    return response;
  }

  return {
    url: base,
    json: async (call) => {
      const response = await send(call, call.content === undefined ? AbortSignal.timeout(TIMEOUT_MS) : undefined);
      return response.status === 204 ? null : response.json();
    },
    stream: async (call) => partsOf(base, (await send(call, call.signal)).body),
  };
}

function addressOf(address: string, query: NonNullable<Call['query']>): URL {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) if (item !== undefined) url.searchParams.append(name, String(item));
  }
  return url;
}

async function* partsOf(base: string, body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  try {
    if (body !== null) yield* body;
  } catch (error) {
    throw unreachable(base, error);
  }
}

function unreachable(base: string, error: unknown): UnreachableError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = cause instanceof Error ? cause.message || code : String(cause);
  const advice =
    code === 'ECONNREFUSED'
      ? 'Start it with `npm start` in the project folder, or name another address with --url or HOLDFAST_URL.'
      : 'Check the address (--url or HOLDFAST_URL) and the network.';
  return new UnreachableError(`Holdfast does not answer at ${base} (${reason || code}). ${advice}`, { cause: error });
}

/** The problem details of an answer; what is not of Holdfast (a proxy's page) is put in the same form. */
async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  const known = Problem.safeParse(parsed(text));
  if (known.success) return known.data;
  const title = `${response.status} ${response.statusText}`.trim();
  const detail = `${response.url} answered ${title}, not in the words of Holdfast. Is this its address?`;
  return { type: 'about:blank', title, status: response.status, detail, code: 'unknown', errors: [] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
