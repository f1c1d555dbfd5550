import { DAY_MS } from '../../engine/timeframes/local-time.ts';
import type { CorporateActions } from '../../shared/bars.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { actionsOf, type ActionRow } from '../companions/actions.ts';
import { LAST_TIME } from '../range.ts';
import type { DataSpec } from '../../shared/spec.ts';
import type { BarSource, Reading, UniverseMember } from '../source.ts';
import type { BigQuerySource } from './config.ts';
import type { Query, QueryParameter } from './parameters.ts';
import { jobIdOf, LEAST_BILLED_BYTES, runJob } from './query-job.ts';
import { remembered } from './remembered.ts';
import type { RestApi } from './rest-api.ts';
import { pagesOf } from './rest-rows.ts';
import { asOf, atSnapshot } from './snapshot.ts';
import { quoted } from './table-time.ts';

type UniverseTable = NonNullable<BigQuerySource['universes']>[string];
type Cells = (string | null)[];
/** A query of a table as it was at a time (ms), or for null as it is. */
type QueryAt = (snapshot: number | null) => Query;

/** A list of members does not change all the time, and is asked for whenever a run is accepted. */
const KEEP_MS = 3_600_000;

export interface TablePlace {
  project?: string | undefined;
  dataset?: string | undefined;
  table: string;
}

interface ActionTable extends TablePlace {
  columns: { symbol: string; date: string };
}

/** Of the REST API, below the project. */
export function tablePath(config: BigQuerySource, { project = config.project, dataset = config.dataset, table }: TablePlace) {
  return { project, path: `/datasets/${dataset}/tables/${table}` };
}

/** All tables of a source beside its bars. */
export function companionPlaces({ splits, dividends, universes = {} }: BigQuerySource): TablePlace[] {
  return [splits, dividends, ...Object.values(universes)].filter((each) => each !== undefined);
}

interface Apis {
  config: BigQuerySource;
  api: RestApi;
  /** Changes with the tables: the job of a query is shared by all who ask in a day (UTC) until then. */
  revision: () => Promise<string>;
}

/** The queries of each table, for those that there are. */
function queriesOf(config: BigQuerySource) {
  const { splits, dividends } = config;
  return {
    splits: (symbols: readonly string[]): QueryAt | undefined =>
      splits && ((snapshot) => actionsQuery(config, splits, { value: splits.columns.ratio, symbols, snapshot })),
    dividends: (symbols: readonly string[]): QueryAt | undefined =>
      dividends && ((snapshot) => actionsQuery(config, dividends, { value: dividends.columns.amount, symbols, snapshot })),
    members:
      (table: UniverseTable): QueryAt =>
      (snapshot) =>
        membersQuery(config, table, snapshot),
  };
}

/** The queries that a fetch makes beside that for the bars. */
export function companionQueries(config: BigQuerySource, { symbols, universe }: DataSpec): Query[] {
  const of = queriesOf(config);
  const members = universe === undefined ? undefined : config.universes?.[universe];
  const all = [of.splits(symbols), of.dividends(symbols), members && of.members(members)];
  return all.flatMap((queryAt) => (queryAt === undefined ? [] : [queryAt(null)]));
}

/** Rows of a query: for a reading as all its tables were then, by one job for all its tries; else by one that all share who ask in a day (UTC). */
function createRows({ config, api, revision }: Apis) {
  return async function rowsOf(queryAt: (snapshot: number | null) => Query, signal: AbortSignal, reading?: Reading): Promise<Cells[]> {
    const run = (query: Query, also: object) => {
      const id = jobIdOf('companion', query, { project: api.project, location: api.location, ...also });
      const maximumBytesBilled = Math.max(config.caps.perRunBytes, LEAST_BILLED_BYTES);
      return runJob(api, { source: config.name, id, query, maximumBytesBilled, signal });
    };
    const job =
      reading === undefined
        ? await run(queryAt(null), { revision: await revision(), day: new Date().toISOString().slice(0, 10) })
        : await atSnapshot(config, reading, (snapshot) => run(queryAt(snapshot), { at: reading.at }));
    reading?.note({ bytesBilled: job.bytesBilled });
    const rows: Cells[] = [];
    for await (const page of pagesOf(api, job, signal)) rows.push(...page);
    return rows;
  };
}

/** Splits, dividends and members from tables beside the bars. */
export function createCompanions(apis: Apis): Pick<BarSource, 'actions' | 'universe'> {
  const { config, revision } = apis;
  const of = queriesOf(config);
  const rowsOf = createRows(apis);
  const { name, splits, dividends, universes = {} } = config;
  const keep = remembered<UniverseMember[]>(KEEP_MS, { stale: true });

  const actionRows = async (query: QueryAt | undefined, signal: AbortSignal, reading?: Reading): Promise<ActionRow[]> =>
    query === undefined
      ? []
      : (await rowsOf(query, signal, reading)).map(([symbol, day, value]) => ({
          symbol: symbol ?? '',
          day: msOf(day) ?? Number.NaN,
          value: Number(value),
        }));

  async function actions(
    symbols: readonly string[],
    signal: AbortSignal,
    reading?: Reading,
  ): Promise<ReadonlyMap<string, CorporateActions>> {
    return actionsOf(name, {
      splits: await actionRows(of.splits(symbols), signal, reading),
      dividends: await actionRows(of.dividends(symbols), signal, reading),
    });
  }

  async function universe(wanted: string, signal: AbortSignal, reading?: Reading): Promise<readonly UniverseMember[]> {
    const table = universes[wanted];
    if (table === undefined) throw new HoldfastError('not_found', `"${wanted}" is not a universe of "${name}".`);
    const ask = async () =>
      (await rowsOf(of.members(table), signal, reading)).map(([symbol, from, to]) => ({
        symbol: symbol ?? '',
        from: msOf(from) ?? -LAST_TIME,
        to: msOf(to) ?? Infinity,
      }));
    return reading === undefined ? keep(`${wanted} ${await revision()}`, ask) : ask();
  }

  return {
    ...((splits ?? dividends) && { actions }),
    ...(config.universes && { universe }),
  };
}

function msOf(day: string | null | undefined): number | null {
  return day === null || day === undefined ? null : Number(day) * DAY_MS;
}

/** `value`: the column that says how much. */
function actionsQuery(
  config: BigQuerySource,
  table: ActionTable,
  { value, symbols, snapshot }: { value: string; symbols: readonly string[]; snapshot: number | null },
): Query {
  const symbol = `t.${quoted(table.columns.symbol)}`;
  const selected = [`${symbol} AS symbol`, `${dayOf(table.columns.date)} AS day`, `CAST(t.${quoted(value)} AS FLOAT64) AS value`];
  const conditions = `${symbol} IN UNNEST(@symbols) AND t.${quoted(value)} IS NOT NULL`;
  return {
    text: `SELECT ${selected.join(', ')} FROM ${tableOf(config, table)}${asOf(snapshot)} WHERE ${conditions} ORDER BY symbol, day`,
    parameters: [{ name: 'symbols', type: 'STRING', value: symbols }],
  };
}

function membersQuery(config: BigQuerySource, table: UniverseTable, snapshot: number | null): Query {
  const { columns, only } = table;
  const selected = [`t.${quoted(columns.symbol)} AS symbol`, `${dayOf(columns.from)} AS first`, `${dayOf(columns.to)} AS last`];
  const conditions = [`t.${quoted(columns.symbol)} IS NOT NULL`, ...(only ? [`CAST(t.${quoted(only.column)} AS STRING) = @only`] : [])];
  const parameters: QueryParameter[] = only ? [{ name: 'only', type: 'STRING', value: only.value }] : [];
  return {
    text: `SELECT ${selected.join(', ')} FROM ${tableOf(config, table)}${asOf(snapshot)} WHERE ${conditions.join(' AND ')} ORDER BY symbol, first`,
    parameters,
  };
}

/** Of a date, or of a time or a text that begins with one. */
function dayOf(column: string): string {
  return `UNIX_DATE(CAST(t.${quoted(column)} AS DATE))`;
}

function tableOf(config: BigQuerySource, { project = config.project, dataset = config.dataset, table }: TablePlace): string {
  return `${quoted(project, dataset, table)} AS t`;
}
