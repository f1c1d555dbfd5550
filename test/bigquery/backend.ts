import { BigQuery } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import type { BigQuerySource } from '../../market-data/bigquery/config.ts';
import { emulatorBase } from '../../market-data/bigquery/rest-api.ts';
import { createFaults, type Faults } from './faults.ts';
import { startRestDouble } from './rest-double.ts';
import { startStorageDouble } from './storage-double.ts';
import { openWarehouseDouble, type WarehouseDouble } from './warehouse-double.ts';

/** A bar as a row of a test table. `ts`: ms. */
export interface RowOfTable {
  symbol: string;
  ts: number;
  prices: readonly [open: number, high: number, low: number, close: number];
  volume: number;
}

/** A table beside the bars: name and type of each column, and its rows. */
interface CompanionTable {
  columns: Readonly<Record<string, 'STRING' | 'DATE' | 'FLOAT64'>>;
  rows: readonly (readonly (string | number | null)[])[];
}

/** Where the suite reads from: a real project, an emulator, or the doubles. */
export interface Backend {
  where: Pick<BigQuerySource, 'project' | 'dataset'>;
  /** Whether a dry run tells bytes. */
  isMetered: boolean;
  table(name: string, rows: readonly RowOfTable[]): Promise<void>;
  companion(name: string, table: CompanionTable): Promise<void>;
  close(): Promise<void>;
}

/** The doubles, with what tests do to them. */
export interface Doubles extends Backend {
  warehouse: WarehouseDouble;
  faults: Faults;
  rest: Awaited<ReturnType<typeof startRestDouble>>;
  storage: ReturnType<typeof startStorageDouble> extends Promise<infer Value> ? Value : never;
  /** The settings that lead the product there. */
  env: Record<string, string>;
}

/**
 * A real project where `BIGQUERY_TEST_PROJECT` is set (tables go to the dataset `BIGQUERY_TEST_DATASET`), an emulator where `BIGQUERY_EMULATOR_HOST` is, and else
 * the doubles.
 */
export async function openBackend(): Promise<Backend> {
  const { BIGQUERY_TEST_PROJECT, BIGQUERY_EMULATOR_HOST, BIGQUERY_TEST_DATASET = 'holdfast_test' } = process.env;
  if (BIGQUERY_TEST_PROJECT || BIGQUERY_EMULATOR_HOST) return openReal(BIGQUERY_TEST_PROJECT ?? 'test-project', BIGQUERY_TEST_DATASET);
  const doubles = await openDoubles();
  Object.assign(process.env, doubles.env);
  return doubles;
}

export async function openDoubles(options: { jobMs?: number } = {}): Promise<Doubles> {
  const where = { project: 'acme-data', dataset: 'market' };
  const warehouse = await openWarehouseDouble();
  const faults = createFaults();
  const rest = await startRestDouble({ warehouse, faults, ...options });
  const storage = await startStorageDouble({ warehouse, faults });
  return {
    where,
    isMetered: true,
    warehouse,
    faults,
    rest,
    storage,
    env: { BIGQUERY_EMULATOR_HOST: rest.url, BIGQUERY_STORAGE_EMULATOR_HOST: storage.address },
    table: (name, rows) =>
      warehouse.table(
        `${where.project}.${where.dataset}.${name}`,
        `SELECT * FROM (VALUES ${rows.map(duckRow).join(', ')}) v(ticker, ts, open, high, low, close, volume)`,
      ),
    companion: (name, { columns, rows }) =>
      warehouse.table(
        `${where.project}.${where.dataset}.${name}`,
        `SELECT ${Object.entries(columns)
          .map(([column, type]) => `CAST(${column} AS ${DUCK_TYPES[type]}) AS ${column}`)
          .join(', ')}
          FROM (VALUES ${rows.map((row) => `(${row.map(literalOf).join(', ')})`).join(', ')}) v(${Object.keys(columns).join(', ')})`,
      ),
    close: async () => {
      await rest.close();
      storage.close();
      warehouse.close();
    },
  };
}

function openReal(project: string, dataset: string): Backend {
  const emulator = process.env['BIGQUERY_EMULATOR_HOST'];
  const client = new BigQuery({ projectId: project, ...(emulator && { authClient: new PassThroughClient() as never }) });
  if (emulator) client.baseUrl = emulatorBase(emulator);
  const made: string[] = [];
  async function create(name: string, structs: readonly string[]): Promise<void> {
    await client.dataset(dataset).get({ autoCreate: true });
    await client.query(`CREATE OR REPLACE TABLE \`${project}.${dataset}.${name}\` AS SELECT * FROM UNNEST([${structs.join(', ')}])`);
    made.push(name);
  }
  return {
    where: { project, dataset },
    isMetered: !emulator,
    table: (name, rows) => create(name, rows.map(structOf)),
    companion: (name, { columns, rows }) =>
      create(
        name,
        rows.map((row) => {
          const fields = Object.entries(columns).map(([column, type], index) => `CAST(${literalOf(row[index]!)} AS ${type}) AS ${column}`);
          return `STRUCT(${fields.join(', ')})`;
        }),
      ),
    close: async () => {
      for (const name of made)
        await client
          .dataset(dataset)
          .table(name)
          .delete({ ignoreNotFound: true } as never);
    },
  };
}

const DUCK_TYPES = { STRING: 'VARCHAR', DATE: 'DATE', FLOAT64: 'DOUBLE' } as const;

function literalOf(value: string | number | null): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

function duckRow({ symbol, ts, prices, volume }: RowOfTable): string {
  return `('${symbol}', make_timestamptz(${ts * 1000}), ${prices.map((price) => `${price}::DOUBLE`).join(', ')}, ${volume}::BIGINT)`;
}

function structOf({ symbol, ts, prices, volume }: RowOfTable): string {
  const [open, high, low, close] = prices.map((price) => `CAST(${price} AS FLOAT64)`);
  return `STRUCT('${symbol}' AS ticker, TIMESTAMP_MILLIS(${ts}) AS ts, ${open} AS open, ${high} AS high, ${low} AS low, ${close} AS close, ${volume} AS volume)`;
}
