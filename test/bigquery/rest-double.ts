import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ParameterJson } from './duckdb-sql.ts';
import type { FaultDouble, Faults } from './faults.ts';
import type { JobDouble, WarehouseDouble } from './warehouse-double.ts';

/** What the doubles of both APIs share. */
export interface DoubleOptions {
  warehouse: WarehouseDouble;
  faults: Faults;
  host?: string;
  /** How long jobs take. */
  jobMs?: number;
}

interface JobBody {
  configuration: { dryRun?: boolean; query: { query: string; queryParameters?: ParameterJson[]; maximumBytesBilled?: string } };
  jobReference?: { jobId?: string };
}

interface Answer {
  status: number;
  body: unknown;
}

const LOCATION = 'US';
const PAGE_ROWS = 20_000;
const LEAST_BILLED = 10 * 2 ** 20;

/** A test double of the REST API of BigQuery, as its discovery document describes the calls that the product makes. Not for any other use. */
export async function startRestDouble({ warehouse, faults, jobMs: given = 0, host = '127.0.0.1' }: DoubleOptions) {
  const log: string[] = [];
  let jobMs = given;
  const api = createCalls(warehouse, () => jobMs);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://double');
    const call = `${request.method} ${url.pathname}`;
    log.push(call);
    const text = await bodyOf(request);
    const fault = faults.take(call);
    if (fault?.delayMs) await delay(fault.delayMs);
    const { status, body } = fault?.status
      ? failure(fault.status, fault.reason!, fault.message ?? `${fault.reason}, as the test wants it`)
      : await api(call, url, text ? (JSON.parse(text) as JobBody) : null);
    send(response, { status, body }, fault);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => send(response, failure(500, 'internalError', String(error)), undefined));
  });
  server.listen(0, host);
  await once(server, 'listening');
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    log,
    /** How long jobs take from now on. */
    jobMs: (ms: number) => void (jobMs = ms),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function send(response: ServerResponse, { status, body }: Answer, fault: FaultDouble | undefined): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...fault?.headers });
  if (!fault?.cut) return void response.end(text);
  response.write(text.slice(0, text.length / 2), () => response.destroy());
}

function createCalls(warehouse: WarehouseDouble, jobMs: () => number) {
  async function insert(project: string, { configuration, jobReference }: JobBody): Promise<Answer> {
    const { query, queryParameters = [], maximumBytesBilled } = configuration.query;
    const id = jobReference?.jobId ?? crypto.randomUUID();
    if (warehouse.jobs.has(id)) return failure(409, 'duplicate', `Already Exists: Job ${project}:${LOCATION}.${id}`);
    try {
      const bytes = await warehouse.dryRun(query, queryParameters);
      if (configuration.dryRun)
        return ok({
          jobReference: { projectId: project, location: LOCATION },
          status: { state: 'DONE' },
          statistics: { totalBytesProcessed: String(bytes) },
        });
      if (maximumBytesBilled && bytes > Number(maximumBytesBilled))
        return failure(
          400,
          'bytesBilledLimitExceeded',
          `Query exceeded limit for bytes billed: ${maximumBytesBilled}. ${bytes} or higher required.`,
        );
      return ok(jobJson(project, await warehouse.insert(id, query, queryParameters, Date.now() + jobMs())));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return /Table with name/.test(message)
        ? failure(404, 'notFound', `Not found: Table: ${message}`)
        : failure(400, 'invalidQuery', message);
    }
  }

  async function page(project: string, job: JobDouble, query: URLSearchParams): Promise<Answer> {
    if (job.error) return failure(400, job.error.reason, job.error.message);
    const left = job.runsUntil - Date.now();
    await delay(Math.max(0, Math.min(left, Number(query.get('timeoutMs') ?? 10_000))));
    if (job.runsUntil > Date.now())
      return ok({ jobReference: { projectId: project, jobId: job.id, location: LOCATION }, jobComplete: false });
    const from = Number(query.get('pageToken') ?? 0);
    const count = Math.min(PAGE_ROWS, Number(query.get('maxResults') ?? PAGE_ROWS));
    const rows = count === 0 ? [] : await warehouse.rows(`SELECT * FROM "${job.result}" LIMIT ${count} OFFSET ${from}`);
    const next = from + rows.length;
    return ok({
      jobReference: { projectId: project, jobId: job.id, location: LOCATION },
      jobComplete: true,
      totalRows: String(job.rows),
      ...(count > 0 && next < job.rows && { pageToken: String(next) }),
      rows: rows.map((row) => ({ f: row.map((value) => ({ v: value === null ? null : String(value as number | bigint | string) })) })),
    });
  }

  return async (call: string, url: URL, body: JobBody | null): Promise<Answer> => {
    const [, project, what, id, rest] = /^\w+ \/bigquery\/v2\/projects\/([^/]+)\/(\w+)(?:\/([^/]+))?(?:\/(.+))?$/.exec(call) ?? [];
    if (what === 'jobs' && id === undefined && body) return insert(project!, body);
    if (what === 'datasets') {
      const name = `${project}.${id}.${rest!.replace('tables/', '')}`;
      const at = warehouse.lastModified(name);
      return at === undefined ? failure(404, 'notFound', `Not found: Table ${name}`) : ok({ id: name, lastModifiedTime: String(at) });
    }
    const job = warehouse.jobs.get(id ?? '');
    if (job === undefined) return failure(404, 'notFound', `Not found: Job ${id}`);
    if (rest === 'cancel') {
      Object.assign(job, { cancelled: true, runsUntil: 0, error: { reason: 'stopped', message: 'Job execution was cancelled' } });
      return ok({ job: jobJson(project!, job) });
    }
    return what === 'queries' ? page(project!, job, url.searchParams) : ok(jobJson(project!, job));
  };
}

function jobJson(project: string, job: JobDouble) {
  const isDone = job.runsUntil <= Date.now();
  return {
    jobReference: { projectId: project, jobId: job.id, location: LOCATION },
    configuration: { query: { destinationTable: { projectId: project, datasetId: '_anonymous', tableId: job.result } } },
    status: { state: isDone ? 'DONE' : 'RUNNING', ...(isDone && job.error && { errorResult: job.error }) },
    statistics: { endTime: String(job.endTime), query: { totalBytesBilled: String(Math.max(LEAST_BILLED, job.bytesBilled)) } },
  };
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function failure(code: number, reason: string, message: string): Answer {
  return { status: code, body: { error: { code, message, errors: [{ domain: 'global', reason, message }] } } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
