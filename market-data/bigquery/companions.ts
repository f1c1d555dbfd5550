import { DAY_MS } from '../../engine/timeframes/local-time.ts';
import type { CorporateActions } from '../../shared/bars.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { actionsOf, type ActionRow } from '../companions/actions.ts';
import { LAST_TIME } from '../range.ts';
import type { UniverseMember } from '../source.ts';
import type { BigQuerySource } from './config.ts';
import type { Query, QueryParameter } from './parameters.ts';
import { jobIdOf, runJob } from './query-job.ts';
import { remembered } from './remembered.ts';
import type { RestApi } from './rest-api.ts';
import { pagesOf } from './rest-rows.ts';
import { quoted } from './table-time.ts';

type UniverseTable = NonNullable<BigQuerySource['universes']>[string];
type Cells = (string | null)[];

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

/** Splits, dividends and members from tables beside the bars. */
export function createCompanions({ config, api, revision }: Apis) {
  const { name, splits, dividends, universes = {} } = config;
  const keep = remembered<UniverseMember[]>(KEEP_MS, { stale: true });

  async function rowsOf(query: Query, signal: AbortSignal): Promise<Cells[]> {
    const day = new Date().toISOString().slice(0, 10);
    const id = jobIdOf('companion', query, { project: api.project, location: api.location, revision: await revision(), day });
    const job = await runJob(api, { source: name, id, query, maximumBytesBilled: config.caps.perRunBytes, signal });
    const rows: Cells[] = [];
    for await (const page of pagesOf(api, job, signal)) rows.push(...page);
    return rows;
  }

  const actionRows = async (query: Query | undefined, signal: AbortSignal): Promise<ActionRow[]> =>
    query === undefined
      ? []
      : (await rowsOf(query, signal)).map(([symbol, day, value]) => ({
          symbol: symbol ?? '',
          day: msOf(day) ?? Number.NaN,
          value: Number(value),
        }));

  async function actions(symbols: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, CorporateActions>> {
    const ofSplits = splits && actionsQuery(config, splits, { value: splits.columns.ratio, symbols });
    const ofDividends = dividends && actionsQuery(config, dividends, { value: dividends.columns.amount, symbols });
    return actionsOf(name, { splits: await actionRows(ofSplits, signal), dividends: await actionRows(ofDividends, signal) });
  }

  async function universe(wanted: string, signal: AbortSignal): Promise<readonly UniverseMember[]> {
    const table = universes[wanted];
    if (table === undefined) throw new HoldfastError('not_found', `"${wanted}" is not a universe of "${name}".`);
    return keep(`${wanted} ${await revision()}`, async () =>
      (await rowsOf(membersQuery(config, table), signal)).map(([symbol, from, to]) => ({
        symbol: symbol ?? '',
        from: msOf(from) ?? -LAST_TIME,
        to: msOf(to) ?? Infinity,
      })),
    );
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
  { value, symbols }: { value: string; symbols: readonly string[] },
): Query {
  const symbol = `t.${quoted(table.columns.symbol)}`;
  const selected = [`${symbol} AS symbol`, `${dayOf(table.columns.date)} AS day`, `CAST(t.${quoted(value)} AS FLOAT64) AS value`];
  const conditions = `${symbol} IN UNNEST(@symbols) AND t.${quoted(value)} IS NOT NULL`;
  return {
    text: `SELECT ${selected.join(', ')} FROM ${tableOf(config, table)} WHERE ${conditions} ORDER BY symbol, day`,
    parameters: [{ name: 'symbols', type: 'STRING', value: symbols }],
  };
}

function membersQuery(config: BigQuerySource, table: UniverseTable): Query {
  const { columns, only } = table;
  const selected = [`t.${quoted(columns.symbol)} AS symbol`, `${dayOf(columns.from)} AS first`, `${dayOf(columns.to)} AS last`];
  const conditions = [`t.${quoted(columns.symbol)} IS NOT NULL`, ...(only ? [`CAST(t.${quoted(only.column)} AS STRING) = @only`] : [])];
  const parameters: QueryParameter[] = only ? [{ name: 'only', type: 'STRING', value: only.value }] : [];
  return {
    text: `SELECT ${selected.join(', ')} FROM ${tableOf(config, table)} WHERE ${conditions.join(' AND ')} ORDER BY symbol, first`,
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
