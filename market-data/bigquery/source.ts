import { createHash } from 'node:crypto';
import { canonicalJson } from '../../shared/canonical-json.ts';
import type { DataSpec } from '../../shared/spec.ts';
import type { BarSource, Reading, ScanQuote } from '../source.ts';
import { barsQuery, timeframesOf } from './bars-query.ts';
import { companionPlaces, companionQueries, createCompanions, tablePath, type TablePlace } from './companions.ts';
import type { BigQuerySource } from './config.ts';
import { createCoverage } from './coverage.ts';
import { createFetch } from './fetch.ts';
import { jobIdOf, LEAST_BILLED_BYTES, scannedBytes } from './query-job.ts';
import { remembered } from './remembered.ts';
import { createRestApi } from './rest-api.ts';

/** Goes up when the same configuration gives other bars. */
const VERSION = 1;
/** How long a price or the state of the table may be old when a run is accepted. */
const KEEP_MS = 60_000;

/** Bars of a table in BigQuery. Nothing is connected before it is asked for something. */
export function createBigQuerySource(config: BigQuerySource): BarSource {
  const { name, caps } = config;
  const api = createRestApi(config);
  const coverage = createCoverage(config, api);
  const revisions = remembered<string>(KEEP_MS, { stale: true });
  const quotes = remembered<ScanQuote>(KEEP_MS);
  const identity = { version: VERSION, project: api.project, location: api.location };
  const read = createFetch({ config, api, identity });
  const revision = () => revisions('', async () => (await Promise.all([config, ...companionPlaces(config)].map(lastModified))).join(' '));

  async function lastModified(place: TablePlace): Promise<string> {
    const table = (await api.call({ method: 'GET', ...tablePath(config, place) })) as { lastModifiedTime?: string };
    return table.lastModifiedTime ?? '';
  }

  async function quote(spec: DataSpec): Promise<ScanQuote> {
    const query = barsQuery(config, spec, null);
    const beside = companionQueries(config, spec);
    const key = jobIdOf('scan', query, { ...identity, revision: await revision(), ...(beside.length > 0 && { beside }) });
    return quotes(key, async () => {
      const scans = await Promise.all([query, ...beside].map((each) => scannedBytes(api, each)));
      const bytes = scans.reduce((sum, each) => sum + each, 0);
      const billed = scans.reduce((sum, each) => sum + Math.max(each, LEAST_BILLED_BYTES), 0);
      const cost = (billed / 2 ** 40) * config.pricePerTiB;
      return { key, bytes, cost, caps };
    });
  }

  return {
    name,
    version: createHash('sha256')
      .update(canonicalJson(contentOf(config)))
      .digest('hex'),
    describe: () => ({
      source: name,
      title: config.title ?? `${config.dataset}.${config.table}`,
      description: config.description || `Table ${config.table} of BigQuery, project ${config.project}.`,
      timeframes: timeframesOf(config),
      timeZone: config.timeZone,
      ...(config.universes && { universes: Object.keys(config.universes) }),
    }),
    symbols: coverage.symbols,
    estimate: coverage.estimate,
    revision,
    ...createCompanions({ config, api, revision }),
    quote,
    async *fetch(spec, signal, reading = unpinned()) {
      await coverage.estimate(spec);
      yield* read(spec, signal, reading);
    },
  };
}

/** For whoever keeps no books. */
function unpinned(): Reading {
  return { at: Date.now(), note: () => undefined };
}

/** What of the configuration decides on the bars. */
function contentOf({
  caps: _caps,
  pricePerTiB: _price,
  title: _title,
  description: _description,
  storageApi: _storage,
  ...content
}: BigQuerySource) {
  return { ...content, version: VERSION };
}
