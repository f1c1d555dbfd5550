import { createHash } from 'node:crypto';
import { canonicalJson } from '../../shared/canonical-json.ts';
import type { SymbolInfo } from '../../shared/dataset.ts';
import { HoldfastError } from '../../shared/errors.ts';
import type { DataSpec } from '../../shared/spec.ts';
import { refuseUnknown } from '../known-symbols.ts';
import { timeRange } from '../range.ts';
import type { BarSource } from '../source.ts';
import { describeTable } from './bars-query.ts';
import type { FilesSource } from './config.ts';
import { orderedParts, readCoverage } from './coverage.ts';
import { filesOf, listFiles, type TableFiles } from './list-files.ts';
import { numberBlocks } from './number-blocks.ts';
import { literal, openTables, TableError } from './table-session.ts';

/** Goes up when the same configuration gives other bars of the same files. */
const VERSION = 1;

/** Bars in files. Prices are as they stand there: nothing is known of splits or dividends. Nothing is read before the source is asked for something. */
export function createFilesSource(config: FilesSource): BarSource {
  const { name } = config;
  let known: { revision: string; coverage: Promise<SymbolInfo[]> } | null = null;

  /** Read once for the files as they are. */
  async function symbols(): Promise<SymbolInfo[]> {
    const files = await listFiles(config);
    if (known?.revision !== files.revision) known = { revision: files.revision, coverage: told(name, () => readCoverage(config, files)) };
    const { coverage } = known;
    return coverage.catch((error: unknown) => {
      if (known?.coverage === coverage) known = null;
      throw error;
    });
  }

  return {
    name,
    version: createHash('sha256').update(canonicalJson({ VERSION, config })).digest('hex'),
    revision: async () => (await listFiles(config)).revision,
    describe: () => ({
      source: name,
      title: config.title ?? name,
      description: config.description,
      timeframes: [config.timeframe],
      timeZone: config.timeZone,
      columns: Object.keys(config.columns.extra),
    }),
    symbols,
    async estimate(spec) {
      const infos = await symbols();
      refuseUnknown(name, spec, infos);
      return Math.max(...infos.filter(({ symbol }) => spec.symbols.includes(symbol)).map(({ bars }) => bars!));
    },
    async *fetch(spec, signal) {
      const files = await listFiles(config);
      refuseUnknown(name, spec, await symbols());
      let bars = 0;
      for await (const block of readBars(config, { files, spec, signal })) {
        bars += block.reduce((sum, { ts }) => sum + ts.length, 0);
        yield block;
      }
      if (bars === 0)
        throw new HoldfastError('no_data', `${spec.symbols.join(', ')}: the source "${name}" has no bars between "from" and "to".`);
    },
  };
}

async function* readBars(config: FilesSource, { files, spec, signal }: { files: TableFiles; spec: DataSpec; signal: AbortSignal }) {
  const range = timeRange(spec);
  const asked = filesOf(files.files, spec.symbols, range);
  if (asked.length === 0) return;
  const session = await openTables([files.root], signal);
  try {
    // Bars of one symbol are mostly in order already, and sorting them again would take as long as reading them.
    const parts =
      spec.symbols.length === 1 && isOfOne(config, asked) ? await told(config.name, () => orderedParts(session, config, asked)) : null;
    const table = await told(config.name, () => describeTable(session, config, parts?.files ?? asked));
    const names = `[${spec.symbols.map(literal).join(', ')}]`;
    const place = `(list_position(${names}, ${table.symbol}) - 1)::DOUBLE`;
    const bounds = [
      table.near(range),
      `list_contains(${names}, ${table.symbol})`,
      ...(Number.isFinite(range.start) ? [`${table.ts} >= ${range.start}`] : []),
      ...(Number.isFinite(range.end) ? [`${table.ts} < ${range.end}`] : []),
    ];
    const sql = `SELECT ${[place, `${table.ts} AS ts`, ...table.numbers].join(', ')} FROM ${table.from} WHERE ${bounds.join(' AND ')}`;
    const layout = { symbols: spec.symbols, extra: Object.keys(config.columns.extra) };
    if (parts === null) yield* numberBlocks(session.numbers(`${sql} ORDER BY ts`), layout);
    else yield* numberBlocks(session.numbers(sql), layout, (time, before) => startsBetween(parts.starts, before, time));
  } catch (error) {
    throw inWords(config.name, error);
  } finally {
    await session.close();
  }
}

function isOfOne({ symbol }: FilesSource, files: TableFiles['files']): boolean {
  return symbol !== undefined || files.every((file) => file.symbol !== null);
}

/** Whether a part begins after a bar, and at or before another one. */
function startsBetween(starts: Float64Array, before: number, time: number): boolean {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! > before) high = middle;
    else low = middle + 1;
  }
  return low < starts.length && starts[low]! <= time;
}

async function told<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw inWords(name, error);
  }
}

function inWords(name: string, error: unknown): unknown {
  if (!(error instanceof TableError)) return error;
  return new HoldfastError('source_refused', `The files of the source "${name}" could not be read: ${error.message.split('\n')[0]}`, {
    cause: error,
  });
}
