import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { runPathOf } from '../shared/names.ts';
import { RunSummary } from '../shared/run.ts';
import { type Context, EXIT, UsageError, clientOf, print } from './context.ts';
import type { HttpClient } from './http-client.ts';
import { createProgressView } from './progress.ts';
import { metricsTable, runTable } from './tables.ts';
import { watchRun } from './watch-run.ts';

interface RunOptions {
  watch?: boolean;
  name?: string;
  idempotencyKey?: string;
}

/** `holdfast run SPEC.json` */
export function addRunCommand(program: Command, context: Context): void {
  program
    .command('run')
    .argument('<spec>', 'file with the spec; - reads it from stdin')
    .description('submit a backtest')
    .option('-w, --watch', 'show its progress until it has ended; the exit status then tells whether it completed')
    .option('--name <name>', 'name of the run, instead of the one in the spec')
    .option('--idempotency-key <key>', 'submitting again with the same key gives the same run')
    .action(async (file: string, options: RunOptions, command: Command) => {
      const client = clientOf(command, context);
      const spec = withName(await readSpec(file, context), options.name);
      const headers: Record<string, string> = options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey };
      const accepted = await client.json({ method: 'POST', path: '/v1/backtests', body: spec, headers });
      const { id } = RunSummary.parse(accepted);
      if (!options.watch) return print(command, context, accepted, () => `Accepted run ${id}. See it with: holdfast watch ${id}`);
      context.stderr.write(`Run ${id}\n`);
      await follow(client, id, { command, context });
    });
}

/** Shows the progress of a run until it has ended, then its figures. Ctrl-C leaves the run alone. */
export async function follow(client: HttpClient, id: string, { command, context }: { command: Command; context: Context }): Promise<void> {
  const interrupted = context.untilInterrupted();
  try {
    const { status } = RunSummary.parse(await watchRun(client, runPathOf(id), createProgressView(context.stderr), interrupted));
    if (status !== 'completed') context.status = EXIT.failed;
  } catch (error) {
    if (!interrupted.aborted) throw error;
    context.stderr.write(`\nThe run goes on. See it again with: holdfast watch ${id}\n`);
    context.status = EXIT.interrupted;
    return;
  }
  const answer = await client.json({ path: `/v1/backtests/${id}` });
  print(command, context, answer, () => describeRun(RunSummary.parse(answer)));
}

/** A run in full: what it is, and its figures where it has some. */
export function describeRun(run: RunSummary): string {
  return run.metrics === null ? runTable(run) : `${runTable(run)}\n\n${metricsTable(run.metrics)}`;
}

/** What a file holds; - is stdin. */
export async function readInput(file: string, { stdin }: Context): Promise<string> {
  return (file === '-' ? text(stdin) : readFile(file, 'utf8')).catch((error: unknown) => {
    throw new UsageError(`${file} could not be read: ${error instanceof Error ? error.message : String(error)}`);
  });
}

/** The JSON that a file holds; - is stdin. */
export async function readSpec(file: string, context: Context): Promise<unknown> {
  const content = await readInput(file, context);
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new UsageError(`${file === '-' ? 'stdin' : file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function withName(spec: unknown, name: string | undefined): unknown {
  const isObject = typeof spec === 'object' && spec !== null && !Array.isArray(spec);
  return name !== undefined && isObject ? { ...spec, name } : spec;
}
