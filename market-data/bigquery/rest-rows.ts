import type { FinishedJob } from './query-job.ts';
import type { RestApi } from './rest-api.ts';
import type { RowBatch } from './row-sorter.ts';

interface PageJson {
  rows?: { f: { v: string | null }[] }[];
  pageToken?: string;
  jobComplete?: boolean;
}

/** Rows a page at most; the server ends a page at about 10 MB. */
const PAGE_ROWS = 100_000;

/** The cells of a finished query, page by page, as text. */
export async function* pagesOf(
  api: RestApi,
  job: Pick<FinishedJob, 'id' | 'location'>,
  signal?: AbortSignal,
): AsyncGenerator<(string | null)[][]> {
  let pageToken: string | undefined;
  do {
    const query = { location: job.location, maxResults: PAGE_ROWS, ...(pageToken && { pageToken }) };
    const page = (await api.call({ method: 'GET', path: `/queries/${job.id}`, query }, signal)) as PageJson;
    yield (page.rows ?? []).map(({ f }) => f.map(({ v }) => v));
    pageToken = page.pageToken;
  } while (pageToken);
}

/** Rows of numbers by the REST API: a twentieth of the speed of the Storage Read API, and no right beyond that to run queries. */
export async function* restRows(api: RestApi, job: FinishedJob, width: number, signal: AbortSignal): AsyncGenerator<RowBatch> {
  for await (const page of pagesOf(api, job, signal)) {
    const values = new Float64Array(page.length * width);
    let at = 0;
    for (const row of page) for (let c = 0; c < width; c++) values[at++] = row[c] == null ? Number.NaN : Number(row[c]);
    yield { values, rows: page.length };
  }
}
