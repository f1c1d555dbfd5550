import { setTimeout as delay } from 'node:timers/promises';
import type { Result, Run, RunSummary } from '../../shared/run.ts';
import type { BacktestSpecInput } from '../../shared/spec.ts';

interface Answer<Body> {
  status: number;
  body: Body;
}

/** The service as its clients see it. */
export interface Http {
  submit(spec: BacktestSpecInput): Promise<Run>;
  /** Follows a run until it is as wanted, also while the API is away; fails when it ends otherwise. */
  until(id: string, wanted: (run: Run) => boolean | Promise<boolean>): Promise<Run>;
  completed(id: string): Promise<Result>;
  post<Body = RunSummary>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<Body>>;
  get<Body>(path: string): Promise<Answer<Body>>;
  send<Body>(method: 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Answer<Body>>;
}

const POLL_MS = 40;
/** No answer may take longer, whatever is away. */
const ANSWER_MS = 15_000;

/** `accepted` hears of each run that was answered with 202; `token` is sent with every request. */
export function createHttp(url: string, accepted: (id: string, spec: BacktestSpecInput) => void, token?: string): Http {
  async function call<Body>(method: string, route: string, body?: unknown, headers = {}): Promise<Answer<Body>> {
    const answer = await fetch(`${url}${route}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return { status: answer.status, body: (answer.status === 204 ? null : await answer.json()) as Body };
  }
  async function until(id: string, wanted: (run: Run) => boolean | Promise<boolean>): Promise<Run> {
    for (;;) {
      const answer = await call<Run>('GET', `/v1/backtests/${id}`).catch(() => null);
      if (answer?.status === 404) throw new Error(`run ${id} is not known`);
      if (answer?.status === 200) {
        const run = answer.body;
        if (await wanted(run)) return run;
        if (run.finishedAt !== null) throw new Error(`run ${id} ended as ${run.status}: ${JSON.stringify(run.error)}`);
      }
      await delay(POLL_MS);
    }
  }
  return {
    until,
    get: (route) => call('GET', route),
    send: (method, route, body) => call(method, route, body),
    post: (route, body, headers) => call('POST', route, body, headers),
    async submit(spec) {
      const { status, body } = await call<Run>('POST', '/v1/backtests', spec);
      if (status !== 202) throw new Error(`submit answered ${status}: ${JSON.stringify(body)}`);
      accepted(body.id, spec);
      return body;
    },
    async completed(id) {
      await until(id, (run) => run.status === 'completed');
      return (await call<Result>('GET', `/v1/backtests/${id}/result`)).body;
    },
  };
}
