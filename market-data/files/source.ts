import { createHash } from 'node:crypto';
import type { FileCache } from '../../artifacts/file-cache.ts';
import { canonicalJson } from '../../shared/canonical-json.ts';
import type { SymbolInfo } from '../../shared/dataset.ts';
import { HoldfastError } from '../../shared/errors.ts';
import type { DataSpec } from '../../shared/spec.ts';
import { refuseUnknown } from '../known-symbols.ts';
import { timeRange } from '../range.ts';
import type { BarSource } from '../source.ts';
import { describeTable } from './bars-query.ts';
import type { FilesSource } from './config.ts';
import { isInPaths, orderedParts, readCoverage } from './coverage.ts';
import { createFileCompanions } from './companions.ts';
import { filesOf, listFiles, type TableFile, type TableFiles } from './list-files.ts';
import { numberBlocks } from './number-blocks.ts';
import { openFiles } from './open-files.ts';
import { openFileStorage } from './open-storage.ts';
import { BUCKET, type FileStorage } from './storage.ts';
import { literal } from './table-session.ts';
import { inWords, told } from './told.ts';

/** Goes up when the same configuration gives other bars of the same files. */
const VERSION = 1;

/** Bars in files, as they were traded where there are tables of splits and dividends. Nothing is read before the source is asked for something. */
export function createFilesSource(config: FilesSource, cache: FileCache): BarSource {
  const { name, path, format, endpoint, region } = config;
  const storage = openFileStorage({ source: name, path, format, endpoint, region }, cache);
  const companions = createFileCompanions(config, cache);
  let known: { revision: string; coverage: Promise<SymbolInfo[]> } | null = null;

  /** Read once for the files as they are. */
  async function symbols(): Promise<SymbolInfo[]> {
    const files = await listFiles(config, storage);
    if (known?.revision !== files.revision)
      known = { revision: files.revision, coverage: told(name, () => readCoverage(config, storage, files)) };
    const { coverage } = known;
    try {
      return await coverage;
    } catch (error) {
      if (known?.coverage === coverage) known = null;
      throw error;
    }
  }

  /** Reading all of a bucket unasked may cost more than the list is worth. */
  async function glance(): Promise<SymbolInfo[] | null> {
    return !BUCKET.test(path) || isInPaths(config, (await listFiles(config, storage)).files) ? symbols() : null;
  }

  return {
    name,
    version: createHash('sha256').update(canonicalJson({ VERSION, config })).digest('hex'),
    revision: async () => [(await listFiles(config, storage)).revision, ...(await companions.revisions())].join(' '),
    ...companions.answers,
    describe: () => ({
      source: name,
      title: config.title ?? name,
      description: config.description,
      timeframes: [config.timeframe],
      timeZone: config.timeZone,
      columns: Object.keys(config.columns.extra),
      ...(config.universes && { universes: Object.keys(config.universes) }),
    }),
    symbols,
    glance,
    async estimate(spec) {
      const infos = await symbols();
      refuseUnknown(name, spec, infos);
      return Math.max(...infos.filter(({ symbol }) => spec.symbols.includes(symbol)).map(({ bars }) => bars!));
    },
    async *fetch(spec, signal) {
      const files = await listFiles(config, storage);
      refuseUnknown(name, spec, await symbols());
      let bars = 0;
      for await (const block of readBars(config, storage, { files, spec, signal })) {
        bars += block.reduce((sum, { ts }) => sum + ts.length, 0);
        yield block;
      }
      if (bars === 0)
        throw new HoldfastError('no_data', `${spec.symbols.join(', ')}: the source "${name}" has no bars between "from" and "to".`);
    },
  };
}

interface Request {
  files: TableFiles;
  spec: DataSpec;
  signal: AbortSignal;
}

async function* readBars(config: FilesSource, storage: FileStorage, { files, spec, signal }: Request) {
  const range = timeRange(spec);
  const asked = filesOf(files.files, spec.symbols, range);
  if (asked.length === 0) return;
  const open = await openFiles(storage, asked, { signal });
  const { session } = open;
  try {
    // Bars of one symbol are mostly in order already, and sorting them again would take as long as reading them.
    const parts =
      spec.symbols.length === 1 && isOfOne(config, asked) ? await told(config.name, () => orderedParts(session, config, open.files)) : null;
    const table = await told(config.name, () => describeTable(session, config, parts?.files ?? open.files));
    const names = `[${spec.symbols.map(literal).join(', ')}]`;
    // Which symbol a row is of, where there are several.
    const place = spec.symbols.length > 1 ? [`(list_position(${names}, ${table.symbol}) - 1)::DOUBLE`] : [];
    const bounds = [
      table.near(range),
      `list_contains(${names}, ${table.symbol})`,
      ...(Number.isFinite(range.start) ? [`${table.ts} >= ${range.start}`] : []),
      ...(Number.isFinite(range.end) ? [`${table.ts} < ${range.end}`] : []),
    ];
    const sql = `SELECT ${[...place, `${table.ts} AS ts`, ...table.numbers].join(', ')} FROM ${table.from} WHERE ${bounds.join(' AND ')}`;
    const layout = { symbols: spec.symbols, extra: Object.keys(config.columns.extra) };
    if (parts === null) yield* numberBlocks(session.numbers(`${sql} ORDER BY ts`), layout);
    else yield* numberBlocks(session.numbers(sql), layout, startsBetween(parts.starts));
  } catch (error) {
    throw inWords(config.name, error);
  } finally {
    await open.close();
  }
}

function isOfOne({ symbol }: FilesSource, files: readonly TableFile[]): boolean {
  return symbol !== undefined || files.every((file) => file.symbol !== null);
}

/** Whether a part begins after a bar, and at or before another one. Asked for neighbours mostly, so the parts around the last one are kept. */
function startsBetween(starts: Float64Array): (time: number, before: number) => boolean {
  const around = Float64Array.of(Infinity, -Infinity);
  return (time, before) => {
    if (!(before >= around[0]! && before < around[1]!)) {
      let [low, high] = [0, starts.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (starts[middle]! > before) high = middle;
        else low = middle + 1;
      }
      around[0] = starts[low - 1] ?? -Infinity;
      around[1] = starts[low] ?? Infinity;
    }
    return around[1]! <= time && around[1]! < Infinity;
  };
}
