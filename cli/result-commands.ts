import { writeFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import * as z from 'zod';
import { dataQualityTexts, lookAheadText } from '../shared/figure-text.ts';
import { Result } from '../shared/run.ts';
import { type Context, UsageError, clientOf, print } from './context.ts';
import { resolveRunId } from './run-id.ts';
import { metricsTable, seriesTable } from './tables.ts';

const SERIES = {
  trades: 'the trades of a run',
  equity: 'the equity curve of a run',
  orders: 'what became of every order of a run: fills, and refusals with their reason',
  logs: 'what the strategy of a run logged',
} as const;
const DOCUMENTS = {
  report: 'tear sheet of a run: one HTML file that needs no other',
  bundle: 'everything that a run left, in one zip: spec, manifest, report, and each series as CSV and Parquet',
} as const;
/** Rows of a series that fit on a screen; --csv and --json give all. */
const SHOWN_POINTS = 30;

const Series = z.object({ columns: z.record(z.string(), z.array(z.union([z.string(), z.number(), z.null()]))), rows: z.int() });

/** `holdfast result|report|bundle|trades|equity|orders|logs ID` */
export function addResultCommands(program: Command, context: Context): void {
  program
    .command('result')
    .argument('<id>', 'id of a run, or its beginning')
    .description('figures and manifest of a run')
    .action(async (text: string, _options: object, command: Command) => {
      const client = clientOf(command, context);
      const answer = await client.json({ path: `/v1/backtests/${await resolveRunId(client, text)}/result` });
      print(command, context, answer, () => describeResult(Result.parse(answer)));
    });
  for (const [document, description] of Object.entries(DOCUMENTS)) {
    program
      .command(document)
      .argument('<id>', 'id of a run, or its beginning')
      .description(description)
      .option('-o, --out <file>', 'where to write it; left out: to stdout')
      .action(async (text: string, { out }: { out?: string }, command: Command) => {
        const client = clientOf(command, context);
        const body = await client.stream({ path: `/v1/backtests/${await resolveRunId(client, text)}/${document}` });
        if (out === undefined) return writeOut(body, context);
        await writeFile(out, body).catch((error: unknown) => {
          throw new UsageError(`The ${document} could not be written: ${error instanceof Error ? error.message : String(error)}`);
        });
        print(command, context, { file: out }, () => `Written to ${out}`);
      });
  }
  for (const [series, description] of Object.entries(SERIES)) {
    program
      .command(series)
      .argument('<id>', 'id of a run, or its beginning')
      .description(description)
      .option('--csv', 'all of it as CSV')
      .action(async (text: string, { csv }: { csv?: boolean }, command: Command) => {
        const client = clientOf(command, context);
        const path = `/v1/backtests/${await resolveRunId(client, text)}/${series}`;
        if (csv) return writeOut(await client.stream({ path, query: { format: 'csv' } }), context);
        const answer = await client.json({ path });
        print(command, context, answer, () => seriesTable(Series.parse(answer).columns, SHOWN_POINTS));
      });
  }
}

function describeResult({ metrics, manifest, verdicts, partial, bars }: Result): string {
  const title = partial ? `Partial result over ${bars} bars` : `Result over ${bars} bars`;
  const { datasetOrigin = {}, ...own } = manifest;
  const facts = { ...own, ...datasetOrigin };
  const width = Math.max(...Object.keys(facts).map((name) => name.length));
  const lines = Object.entries(facts).map(([name, value]) => `  ${name.padEnd(width)}  ${String(value)}`);
  return [`${title}\n`, metricsTable(metrics), '', ...lines, '', lookAheadText(verdicts), ...dataQualityTexts(verdicts)].join('\n');
}

/** Ends quietly when the reader does (`| head`). */
export async function writeOut(body: AsyncIterable<Uint8Array>, { stdout }: Context): Promise<void> {
  const source = Readable.from(body);
  source.pipe(stdout, { end: false });
  stdout.once('error', () => source.destroy());
  await finished(source).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}
