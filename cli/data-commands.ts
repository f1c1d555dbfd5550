import { createReadStream, existsSync } from 'node:fs';
import type { Command } from 'commander';
import * as z from 'zod';
import { SourceInfo, SymbolInfo } from '../shared/dataset.ts';
import { UPLOAD_PREFIX } from '../shared/upload.ts';
import { type Context, UsageError, clientOf, print } from './context.ts';
import { readFiles } from './import/read-files.ts';
import { prepareUpload, symbolOf } from './import/to-upload.ts';
import { datasetsTable, symbolsTable } from './tables.ts';

interface ImportOptions {
  name?: string;
  symbol?: string;
  timeframe?: string;
}

const Uploaded = SourceInfo.extend({ symbols: z.array(SymbolInfo) });

/** `holdfast data list`, `symbols`, `import` and `remove` */
export function addDataCommands(program: Command, context: Context): void {
  const data = program.command('data').description('sources of bars, and uploads of your own');
  data
    .command('list')
    .description('where bars can come from')
    .action(async (_options: object, command: Command) => {
      const answer = await clientOf(command, context).json({ path: '/v1/datasets' });
      print(command, context, answer, () => datasetsTable(z.object({ items: z.array(SourceInfo) }).parse(answer).items));
    });
  data
    .command('symbols')
    .argument('<source>', 'such as sample, or upload:NAME')
    .description('the symbols of a source')
    .action(async (source: string, _options: object, command: Command) => {
      const answer = await clientOf(command, context).json({ path: `/v1/datasets/${encodeURIComponent(source)}/symbols` });
      print(command, context, answer, () => symbolsTable(z.object({ items: z.array(SymbolInfo) }).parse(answer).items));
    });
  data
    .command('import')
    .argument(
      '<files...>',
      'CSV or zipped CSV as Yahoo, Stooq, Binance and Kraken give it, or with a header of its own; or one Parquet file',
    )
    .description('upload bars as a source of your own')
    .option('--name <name>', 'the source is then upload:NAME; an earlier one of that name is replaced')
    .option('--symbol <symbol>', 'of all bars; by default what the file or its name says')
    .option('--timeframe <timeframe>', 'of the bars; by default the distance of the first ones')
    .action(async (files: string[], options: ImportOptions, command: Command) => importFiles(files, options, { command, context }));
  data
    .command('remove')
    .argument('<source>', 'upload:NAME, or NAME')
    .description('remove an upload; runs that were made with it stay')
    .action(async (source: string, _options: object, command: Command) => {
      const full = source.startsWith(UPLOAD_PREFIX) ? source : UPLOAD_PREFIX + source;
      await clientOf(command, context).json({ method: 'DELETE', path: `/v1/datasets/${encodeURIComponent(full)}` });
      print(command, context, { removed: full }, () => `Removed ${full}`);
    });
}

async function importFiles(files: string[], options: ImportOptions, { command, context }: { command: Command; context: Context }) {
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length > 0) throw new UsageError(`There is no file ${missing.join(', ')}.`);
  const [only, ...others] = files;
  const isParquet = /\.parquet$/i.test(only!);
  if (isParquet && others.length > 0)
    throw new UsageError('Import one Parquet file at a time: put many symbols into one, with a column "symbol".');
  const { type, content, layout, ...found } = isParquet ? ofParquet(only!) : await ofTables(files, options);
  const query = {
    name:
      options.name ??
      found.symbol
        .toLowerCase()
        .replaceAll(/[^a-z0-9_-]+/g, '-')
        .replace(/^[-_]+/, ''),
    timeframe: options.timeframe ?? found.timeframe,
    symbol: isParquet ? options.symbol : undefined,
  };
  const answer = await clientOf(command, context).json({ method: 'POST', path: '/v1/datasets', query, content: { type, parts: content } });
  const { source, symbols, quality } = Uploaded.parse(answer);
  const bars = symbols.reduce((sum, each) => sum + (each.bars ?? 0), 0);
  print(command, context, answer, () =>
    [
      `Stored ${bars.toLocaleString('en')} bars of ${query.timeframe} (${layout}) as ${source}`,
      ...(quality?.findings ?? []).map(({ message }) => `  ${message}`),
      symbolsTable(symbols),
    ].join('\n'),
  );
}

function ofParquet(file: string) {
  const symbol = symbolOf(file.replace(/^.*[\\/]/, ''));
  return { type: 'application/vnd.apache.parquet', content: createReadStream(file), layout: 'Parquet', symbol, timeframe: '1d' };
}

async function ofTables(files: string[], { symbol }: ImportOptions) {
  const prepared = await prepareUpload(readFiles(files), symbol);
  return { ...prepared, type: 'text/csv', content: gathered(prepared.csv) };
}

const PART_CHARACTERS = 65_536;

/** Lines in parts that are worth a write each. */
async function* gathered(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let part = '';
  for await (const line of lines) {
    part += line;
    if (part.length < PART_CHARACTERS) continue;
    yield encoder.encode(part);
    part = '';
  }
  if (part !== '') yield encoder.encode(part);
}
