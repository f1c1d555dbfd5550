import type { SourceInfo, SymbolInfo } from '../shared/dataset.ts';
import type { CheckedSymbols, CoverageNote, SymbolCheck } from '../shared/source-notes.ts';
import { coverageOver } from './coverage-over.ts';
import type { SymbolFindings } from './quality/quality-control.ts';
import type { BarSource } from './source.ts';

/** Where it is noted what sources were found to hold; the row store. */
export interface SourceMemory {
  keepCoverage(note: CoverageNote): Promise<void>;
  sourceNotes(): Promise<{ coverages: CoverageNote[]; checked: CheckedSymbols[] }>;
  symbolChecks(source: string, version: string): Promise<SymbolCheck[]>;
}

/** How long a list of sources waits for one to say what it covers. */
const WAIT_MS = 500;

/**
 * A source whose coverage is noted whenever it was asked for symbols anew, so that lists of other processes know it. Those that never change are left alone.
 * A note that cannot be kept is none: the next answer brings another one.
 */
export function remembering(source: BarSource, memory: SourceMemory | undefined): BarSource {
  if (memory === undefined || source.revision === undefined) return source;
  let noted: readonly SymbolInfo[] | null = null;
  async function noting<Symbols extends readonly SymbolInfo[] | null>(symbols: Symbols): Promise<Symbols> {
    const coverage = symbols && symbols !== noted ? coverageOver(symbols) : null;
    if (coverage === null) return symbols;
    noted = symbols;
    const note = { source: source.name, version: source.version, coverage, at: Date.now() };
    await memory!.keepCoverage(note).catch(() => (noted = null));
    return symbols;
  }
  return {
    ...source,
    symbols: async () => noting(await source.symbols()),
    ...(source.glance && { glance: async () => noting(await source.glance!()) }),
  };
}

/** What there is to be said of sources without waiting for any of them; a source that is away, or slow, is listed with what is remembered of it. */
export async function listed(sources: readonly BarSource[], memory: SourceMemory | undefined): Promise<SourceInfo[]> {
  const glances = Promise.all(sources.map((source) => soon(source.glance?.() ?? null)));
  const notes = await memory?.sourceNotes();
  const ofSource = <Note extends { source: string; version: string }>({ name, version }: BarSource, all: readonly Note[] = []) =>
    all.find((note) => note.source === name && note.version === version);
  return (await glances).map((symbols, place) => {
    const source = sources[place]!;
    const remembered = ofSource(source, notes?.coverages);
    const coverage = coverageOver(symbols ?? []) ?? (remembered && { ...remembered.coverage, asOf: isoOf(remembered.at) });
    const checked = ofSource(source, notes?.checked);
    return {
      ...source.describe(),
      ...(coverage && { coverage }),
      ...(checked && { checked: { symbols: checked.symbols, flawed: checked.flawed, at: isoOf(checked.at) } }),
    };
  });
}

async function soon<Value>(answer: Promise<Value> | null): Promise<Value | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), WAIT_MS);
  return Promise.race([answer, late.promise])
    .catch(() => null)
    .finally(() => clearTimeout(timer));
}

/** The symbols of a source with what was found in their bars. */
export async function withQuality(source: BarSource, memory: SourceMemory | undefined): Promise<SymbolInfo[]> {
  const [symbols, checks = []] = await Promise.all([source.symbols(), memory?.symbolChecks(source.name, source.version)]);
  const known = new Map(checks.map(({ symbol, quality }) => [symbol, quality]));
  return symbols.map((info) => {
    const quality = known.get(info.symbol);
    return quality === undefined ? info : { ...info, quality };
  });
}

/** What to note of the bars of a fetch; nothing of symbols that the source does not list: whoever asked made them up. */
export async function checksOf(source: BarSource, timeframe: string, found: readonly SymbolFindings[]): Promise<SymbolCheck[]> {
  const own = new Set((await source.symbols()).map(({ symbol }) => symbol));
  const at = Date.now();
  return found
    .filter(({ symbol }) => own.has(symbol))
    .map(({ symbol, first, last, ...rest }) => ({
      source: source.name,
      version: source.version,
      symbol,
      quality: { checkedAt: isoOf(at), timeframe, from: momentOf(first), to: momentOf(last), ...rest },
      at,
    }));
}

function momentOf(time: number): string | null {
  return Number.isFinite(time) ? isoOf(time) : null;
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
