import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { FUNCTIONS, toDuckDb, type ParameterJson } from './duckdb-sql.ts';

/** A query job as both servers know it. */
export interface JobDouble {
  id: string;
  text: string;
  parameters: readonly ParameterJson[];
  /** Name of the table with its rows. */
  result: string;
  rows: number;
  bytesBilled: number;
  endTime: number;
  error?: { reason: string; message: string };
  cancelled?: boolean;
  /** Answers "running" until then (ms); a cancel ends it. */
  runsUntil: number;
}

/** Tables and jobs behind both test doubles of BigQuery: DuckDB in memory. */
export type WarehouseDouble = Awaited<ReturnType<typeof openWarehouseDouble>>;

const BYTES_PER_VALUE = 8;

export async function openWarehouseDouble() {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run(FUNCTIONS);
  const jobs = new Map<string, JobDouble>();
  const modified = new Map<string, number>();
  let results = 0;

  async function count(sql: string): Promise<number> {
    return Number((await rowsOf(connection, sql))[0]![0]);
  }

  return {
    jobs,
    /** Makes or replaces a table; the name is `project.dataset.table`. */
    async table(name: string, select: string): Promise<void> {
      await connection.run(`CREATE OR REPLACE TABLE "${name}" AS ${select}`);
      modified.set(name, Date.now());
    },
    run: (sql: string) => connection.run(sql),
    lastModified: (name: string) => modified.get(name),
    rows: (sql: string) => rowsOf(connection, sql),
    stream: (sql: string) => connection.stream(sql),
    /** Fails where the query is not sound; the bytes of a scan of all rows otherwise. */
    async dryRun(text: string, parameters: readonly ParameterJson[]): Promise<number> {
      const prepared = await connection.prepare(toDuckDb(text, parameters));
      prepared.destroySync();
      const table = /FROM `([^`]+)` AS t/.exec(text)![1]!;
      const columns = new Set([...text.matchAll(/t\.`(\w+)`/g)].map((match) => match[1]));
      return (await count(`SELECT count(*) FROM "${table}"`)) * columns.size * BYTES_PER_VALUE;
    },
    async insert(id: string, text: string, parameters: readonly ParameterJson[], runsUntil: number): Promise<JobDouble> {
      const result = `result_${++results}`;
      const bytesBilled = await this.dryRun(text, parameters);
      // Rows of a result have no order unless one is asked for.
      const order = text.includes('ORDER BY') ? '' : ' ORDER BY hash(ts, place)';
      await connection.run(`CREATE TABLE "${result}" AS SELECT * FROM (${toDuckDb(text, parameters)})${order}`);
      const job = {
        id,
        text,
        parameters,
        result,
        bytesBilled,
        runsUntil,
        rows: await count(`SELECT count(*) FROM "${result}"`),
        endTime: Date.now(),
      };
      jobs.set(id, job);
      return job;
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql)).getRows();
}
