import { createHash } from 'node:crypto';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import { canonicalJson } from '../shared/canonical-json.ts';
import type { SymbolCheck } from '../shared/source-notes.ts';
import type { DatasetOrigin, SourceInfo, SymbolInfo } from '../shared/dataset.ts';
import { MEMBER } from '../shared/bars.ts';
import { HoldfastError, type Fault } from '../shared/errors.ts';
import { PUBLIC_SCOPE } from '../shared/names.ts';
import type { NightTime } from '../shared/scheduled-window.ts';
import { type BacktestSpec, type DataSpec, timeframeMs } from '../shared/spec.ts';
import { adjustsAtOnce } from './adjust-bars.ts';
import { datasetBlocks } from './dataset-blocks.ts';
import { createDatasetStore } from './dataset-store.ts';
import { type Frames, planFrames } from './frames.ts';
import { didYouMean } from './did-you-mean.ts';
import { timeRange, type TimeRange } from './range.ts';
import { createSampleSource } from './sample.ts';
import { createOrigins, tooDear } from './metered.ts';
import type { BarSource, ScanQuote } from './source.ts';
import { checksOf, listed, remembering, withQuality, type SourceMemory } from './source-memory.ts';
import { createSyntheticSource } from './synthetic.ts';
import { noMembers, universeFaults, withMembers } from './universe.ts';
import { windowAt, type Windowed, type WindowedData } from './window-at.ts';

/** What can be said of the data part of a spec before it is fetched. */
interface DataCheck {
  /** To simulate; 0 when something is wrong. */
  bars: number;
  /** That its bars will have beside prices and volume. */
  columns: readonly string[];
  /** All that is wrong. */
  faults: Fault[];
}

type Checked = (checks: SymbolCheck[]) => void;

/** Where bars come from, and the datasets that were made of them. */
export interface MarketData {
  sources(): Promise<SourceInfo[]>;
  /** Coverage of a source, and what was found in the bars that were fetched of it; fails with `not_found` for an unknown one. */
  symbols(source: string): Promise<SymbolInfo[]>;
  /**
   * The spec with the members of its universe as symbols, where it names none: everyone who was a member at some time of its range. Other specs come back
   * as they are, also those whose source does not know the universe: {@link MarketData.check} says so.
   */
  withMembers(spec: BacktestSpec): Promise<BacktestSpec>;
  /** A window that is counted from a time, in absolute moments. */
  windowAt(data: WindowedData, time: Omit<NightTime, 'lastBar'>): Promise<Windowed>;
  check(spec: BacktestSpec): Promise<DataCheck>;
  /** The dataset of an earlier {@link MarketData.fetch} of the same data; null when there is none. */
  cached(spec: BacktestSpec): Promise<ArtifactRef | null>;
  /** What {@link MarketData.fetch} would cost now; null where it is free, also because the dataset is there. */
  quote(spec: BacktestSpec): Promise<ScanQuote | null>;
  /** How the bars of a dataset came from a metered source; null for other sources. */
  origin(dataset: ArtifactRef): Promise<DatasetOrigin | null>;
  /**
   * Fetches the bars, checks them (`bad_data`) and stores them: the traded symbols in order, then the benchmark if it is not one of them.
   * `at`: when this fetch was first tried, in ms; see {@link Reading}. `checked` is told what was found of each symbol, for {@link SourceMemory}.
   */
  fetch(spec: BacktestSpec, signal: AbortSignal, at?: number, checked?: Checked): Promise<ArtifactRef>;
}

/** Goes up when the layout of dataset files changes, or the way slower bars are made: a dataset made before is then fetched anew. */
const DATASET_FORMAT = 3;

/** The sources that need no configuration. */
export function bundledSources(): BarSource[] {
  return [createSampleSource(), createSyntheticSource()];
}

/** Bars of a source that are put together: the columns in blocks, and as a whole. */
const HELD_BYTES = 2 * 6 * 8;

export interface MarketDataOptions {
  sources: BarSource[];
  artifacts: ArtifactStore;
  /** Memory of a worker; {@link MarketData.check} refuses what needs more of it at once. */
  memoryBytes?: number;
  /** Whom the datasets belong to; everyone without. */
  scope?: string;
  /** What is known of the sources beside what they say now. */
  memory?: SourceMemory;
}

export function createMarketData(options: MarketDataOptions): MarketData {
  const { artifacts, scope = PUBLIC_SCOPE } = options;
  const all = options.sources.map((source) => remembering(source, options.memory));
  const sources = new Map(all.map((source) => [source.name, source]));
  const datasets = createDatasetStore(artifacts);
  const origins = createOrigins(artifacts);

  function sourceOf(spec: BacktestSpec): BarSource {
    const source = sources.get(spec.data.source);
    if (source !== undefined) return source;
    throw refusal([unknownSource(spec.data.source, [...sources.keys()])]);
  }

  async function check(spec: BacktestSpec): Promise<DataCheck> {
    const source = sources.get(spec.data.source);
    if (source === undefined) return { bars: 0, columns: [], faults: [unknownSource(spec.data.source, [...sources.keys()])] };
    const ofUniverse = universeFaults(source, spec.data);
    if (spec.data.symbols.length === 0)
      return { bars: 0, columns: [], faults: ofUniverse.length > 0 ? ofUniverse : [noMembers(spec.data)] };
    const frames = planFrames(dataOf(spec), source.describe());
    const { bars, held, faults } = await estimate(source, frames);
    const unsound = [
      ...faults.map((fault) => inWordsOf(spec, fault)),
      ...ofUniverse,
      ...frames.faults,
      ...tooLarge(held, options.memoryBytes),
    ];
    const all = unsound.length > 0 ? unsound : tooDear(await quote(spec));
    return { bars: all.length > 0 ? 0 : bars, columns: await columnsOf(source, spec.data), faults: all };
  }

  async function fetch(spec: BacktestSpec, signal: AbortSignal, at = Date.now(), checked?: Checked): Promise<ArtifactRef> {
    const source = sourceOf(spec);
    const frames = planFrames(dataOf(spec), source.describe());
    if (frames.faults.length > 0) throw refusal(frames.faults);
    const name = await linkName(source, spec);
    const reading = origins.reading(at);
    const { blocks, atEnd, found } = await datasetBlocks(source, { spec, frames, reading }, signal);
    const ref = await datasets.write(scope, blocks, atEnd);
    await origins.keep(ref, reading);
    await artifacts.link(scope, name, ref);
    checked?.(await checksOf(source, frames.request.timeframe, found()));
    return ref;
  }

  const cached = async (spec: BacktestSpec) => artifacts.resolve(scope, await linkName(sourceOf(spec), spec));

  async function quote(spec: BacktestSpec): Promise<ScanQuote | null> {
    const source = sourceOf(spec);
    if (source.quote === undefined || (await cached(spec)) !== null) return null;
    return source.quote(planFrames(dataOf(spec), source.describe()).request);
  }

  return {
    sources: () => listed(all, options.memory),
    symbols: async (name) => withQuality(named(sources, name), options.memory),
    ...resolving(sources),
    check,
    cached,
    quote,
    origin: origins.of,
    fetch,
  };
}

function named(sources: ReadonlyMap<string, BarSource>, name: string): BarSource {
  const source = sources.get(name);
  if (source !== undefined) return source;
  throw new HoldfastError('not_found', `The source ${unknownSource(name, [...sources.keys()]).message}`);
}

/** What of a spec follows from its source. */
function resolving(sources: ReadonlyMap<string, BarSource>): Pick<MarketData, 'withMembers' | 'windowAt'> {
  return {
    withMembers: async (spec) => withMembers(spec, sources.get(spec.data.source)),
    windowAt: (data, time) => windowAt(data, time, sources.get(data.source)),
  };
}

/** As the stored dataset has them: those of any symbol, without a value where another one lacks them. */
async function columnsOf(source: BarSource, { symbols, universe }: DataSpec): Promise<string[]> {
  const wanted = (await source.symbols()).filter(({ symbol }) => symbols.includes(symbol));
  return [...new Set([...wanted.flatMap(({ columns = [] }) => columns), ...(universe === undefined ? [] : [MEMBER])])];
}

interface EstimatedBars {
  /** Of the longest symbol. */
  bars: number;
  /** Bars of the source that are in memory at once, over all symbols; 0 where blocks are stored as they come. */
  held: number;
  /** What is wrong with the request to the source. */
  faults: readonly Fault[];
}

async function estimate(source: BarSource, frames: Frames): Promise<EstimatedBars> {
  try {
    const bars = await source.estimate(frames.request);
    const isWhole = source.actions !== undefined && adjustsAtOnce(frames.request.adjust);
    const held = frames.isStreamed && !isWhole ? 0 : bars * frames.request.symbols.length;
    return { bars: frames.estimate(bars, await rangeOf(source, frames.request, bars)), held, faults: [] };
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.faults.length === 0) throw error;
    return { bars: 0, held: 0, faults: error.faults };
  }
}

/** Slower bars are made of all those of the source at once. */
function tooLarge(held: number, memoryBytes = Infinity): Fault[] {
  if (held * HELD_BYTES <= memoryBytes) return [];
  const [needed, there] = [held * HELD_BYTES, memoryBytes].map((bytes) => `${Math.ceil(bytes / 2 ** 20)} MB`);
  const remedy = "ask for the source's own timeframe without a session, for fewer symbols or for a shorter range";
  const message = `is made of ${held} bars that take ${needed} at once, of ${there} that a worker has (HOLDFAST_MEMORY_BUDGET_MB): ${remedy}`;
  return [{ path: 'data.timeframe', message }];
}

/** Where the bars of a request lie, as far as it or the source says; else as if they followed each other without a gap. */
async function rangeOf(source: BarSource, request: DataSpec, bars: number): Promise<TimeRange> {
  const asked = timeRange(request);
  const known = (await source.symbols())
    .filter(({ symbol }) => request.symbols.includes(symbol))
    .map(({ from, to }) => timeRange({ from, to }));
  const [first, last] = [known.map(({ start }) => start), known.map(({ end }) => end)];
  const start = Math.max(asked.start, known.length > 0 ? Math.min(...first) : -Infinity);
  const end = Math.min(asked.end, known.length > 0 ? Math.max(...last) : Infinity);
  return Number.isFinite(end - start) ? { start, end } : { start: 0, end: bars * timeframeMs(request.timeframe) };
}

function refusal(faults: Fault[]): HoldfastError {
  return new HoldfastError('invalid_spec', faults.map(({ path, message }) => `${path}: ${message}`).join('; '), { faults });
}

/** The data to fetch for a spec: what it trades, and what it is compared with. */
function dataOf({ data, benchmark }: BacktestSpec): DataSpec {
  if (benchmark === undefined || data.symbols.includes(benchmark)) return data;
  return { ...data, symbols: [...data.symbols, benchmark] };
}

async function linkName(source: BarSource, spec: BacktestSpec): Promise<string> {
  const revision = source.revision && { revision: await source.revision() };
  const request = { format: DATASET_FORMAT, source: source.name, version: source.version, ...revision, data: dataOf(spec) };
  return `datasets/${createHash('sha256').update(canonicalJson(request)).digest('hex')}`;
}

/** A source sees the benchmark as its last symbol; the client wrote it elsewhere. */
function inWordsOf(spec: BacktestSpec, fault: Fault): Fault {
  return fault.path === `data.symbols.${spec.data.symbols.length}` ? { ...fault, path: 'benchmark' } : fault;
}

function unknownSource(name: string, known: string[]): Fault {
  return { path: 'data.source', message: `"${name}" is not known. ${didYouMean(name, known)}` };
}
