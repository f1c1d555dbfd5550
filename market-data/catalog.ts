import { createHash } from 'node:crypto';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import { canonicalJson } from '../shared/canonical-json.ts';
import type { SourceInfo, SymbolInfo } from '../shared/dataset.ts';
import { HoldfastError, type Fault } from '../shared/errors.ts';
import { PUBLIC_SCOPE } from '../shared/names.ts';
import { appliesActions, type BacktestSpec, type DataSpec } from '../shared/spec.ts';
import { withActionsInRange, withoutActions } from './actions-in-range.ts';
import { createDatasetStore } from './dataset-store.ts';
import { didYouMean } from './nearest.ts';
import { createSampleSource } from './sample.ts';
import type { BarSource } from './source.ts';
import { createSyntheticSource } from './synthetic.ts';
import { validateBars } from './validate-bars.ts';

/** Where bars come from, and the datasets that were made of them. */
export interface MarketData {
  sources(): SourceInfo[];
  /** Coverage of a source; fails with `not_found` for an unknown one. */
  symbols(source: string): Promise<SymbolInfo[]>;
  /** What is wrong with the data part of a spec, all of it, and how many bars there are to simulate; 0 when something is wrong. */
  check(spec: BacktestSpec): Promise<{ bars: number; faults: Fault[] }>;
  /** The dataset of an earlier {@link MarketData.fetch} of the same data; null when there is none. */
  cached(spec: BacktestSpec): Promise<ArtifactRef | null>;
  /** Fetches the bars, checks them (`bad_data`) and stores them: the traded symbols in order, then the benchmark if it is not one of them. */
  fetch(spec: BacktestSpec, signal: AbortSignal): Promise<ArtifactRef>;
}

/** Goes up when the layout of dataset files changes: a dataset made before is then fetched anew. */
const DATASET_FORMAT = 1;

/** The sources that need no configuration. */
export function bundledSources(): BarSource[] {
  return [createSampleSource(), createSyntheticSource()];
}

export function createMarketData(options: { sources: BarSource[]; artifacts: ArtifactStore }): MarketData {
  const { artifacts } = options;
  const sources = new Map(options.sources.map((source) => [source.name, source]));
  const datasets = createDatasetStore(artifacts);

  function sourceOf(spec: BacktestSpec): BarSource {
    const source = sources.get(spec.data.source);
    if (source !== undefined) return source;
    const fault = unknownSource(spec.data.source, [...sources.keys()]);
    throw new HoldfastError('invalid_spec', `data.source ${fault.message}`, { faults: [fault] });
  }

  async function check(spec: BacktestSpec): Promise<{ bars: number; faults: Fault[] }> {
    try {
      return { bars: await sourceOf(spec).estimate(dataOf(spec)), faults: [] };
    } catch (error) {
      if (!(error instanceof HoldfastError) || error.faults.length === 0) throw error;
      return { bars: 0, faults: error.faults.map((fault) => inWordsOf(spec, fault)) };
    }
  }

  async function fetch(spec: BacktestSpec, signal: AbortSignal): Promise<ArtifactRef> {
    const source = sourceOf(spec);
    const bars = await source.fetch(dataOf(spec), signal);
    validateBars(bars);
    signal.throwIfAborted();
    const ref = await datasets.write(PUBLIC_SCOPE, bars.map(appliesActions(spec.data) ? withActionsInRange : withoutActions));
    await artifacts.link(PUBLIC_SCOPE, linkName(source, spec), ref);
    return ref;
  }

  return {
    sources: () => options.sources.map((source) => source.describe()),
    async symbols(name) {
      const source = sources.get(name);
      if (source === undefined) throw new HoldfastError('not_found', `The source ${unknownSource(name, [...sources.keys()]).message}`);
      return source.symbols();
    },
    check,
    cached: async (spec) => artifacts.resolve(PUBLIC_SCOPE, linkName(sourceOf(spec), spec)),
    fetch,
  };
}

/** The data to fetch for a spec: what it trades, and what it is compared with. */
function dataOf({ data, benchmark }: BacktestSpec): DataSpec {
  if (benchmark === undefined || data.symbols.includes(benchmark)) return data;
  return { ...data, symbols: [...data.symbols, benchmark] };
}

function linkName(source: BarSource, spec: BacktestSpec): string {
  const request = { format: DATASET_FORMAT, source: source.name, version: source.version, data: dataOf(spec) };
  return `datasets/${createHash('sha256').update(canonicalJson(request)).digest('hex')}`;
}

/** A source sees the benchmark as its last symbol; the client wrote it elsewhere. */
function inWordsOf(spec: BacktestSpec, fault: Fault): Fault {
  return fault.path === `data.symbols.${spec.data.symbols.length}` ? { ...fault, path: 'benchmark' } : fault;
}

function unknownSource(name: string, known: string[]): Fault {
  return { path: 'data.source', message: `"${name}" is not known. ${didYouMean(name, known)}` };
}
