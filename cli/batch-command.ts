import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { Batch } from '../shared/batch.ts';
import { TERMINAL_STATUSES, isTerminal } from '../shared/names.ts';
import { type Context, EXIT, UsageError, clientOf, print } from './context.ts';
import type { HttpClient } from './http-client.ts';
import { readInput } from './run-command.ts';

const WAIT_MS = 500;

interface BatchOptions {
  watch?: boolean;
  name?: string;
  idempotencyKey?: string;
}

/** `holdfast batch FILE` */
export function addBatchCommand(program: Command, context: Context): void {
  program
    .command('batch')
    .argument('<file>', 'backtests as a JSON list, or one a line (JSONL); - reads stdin')
    .description('submit up to 2,000 backtests, all or none')
    .option('-w, --watch', 'wait until all have ended; the exit status then tells whether each completed')
    .option('--name <name>', 'name of the batch')
    .option('--idempotency-key <key>', 'submitting again with the same key gives the same batch')
    .action(async (file: string, { watch, name, idempotencyKey }: BatchOptions, command: Command) => {
      const client = clientOf(command, context);
      const items = itemsIn(await readInput(file, context), file);
      const headers: Record<string, string> = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
      const accepted = await client.json({
        method: 'POST',
        path: '/v1/batches',
        body: { items, ...(name !== undefined && { name }) },
        headers,
      });
      const batch = Batch.parse(accepted);
      if (!watch)
        return print(command, context, accepted, () => `Accepted ${describeBatch(batch)}\nIts items: holdfast ls --batch ${batch.id}`);
      const ended = await untilEnded(client, batch, context);
      const { completed = 0 } = ended.items;
      if (ended.status !== 'completed' || completed < ended.progress.total) context.status = EXIT.failed;
      print(command, context, ended, () => describeBatch(ended));
    });
}

/** The specs in a file: a JSON list, an object with `items`, or one spec a line. */
export function itemsIn(content: string, file: string): unknown[] {
  const whole = parsed(content);
  if (Array.isArray(whole)) return whole;
  if (typeof whole === 'object' && whole !== null && 'items' in whole && Array.isArray(whole.items)) return whole.items;
  const lines = content.split('\n').filter((line) => line.trim() !== '');
  const items = lines.map(parsed);
  const wrong = items.indexOf(undefined);
  if (lines.length === 0) throw new UsageError(`${file} holds no spec.`);
  if (wrong >= 0) throw new UsageError(`${file} is neither a JSON list nor one spec a line: line ${wrong + 1} is not JSON.`);
  return items;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function untilEnded(client: HttpClient, batch: Batch, { stderr }: Context): Promise<Batch> {
  let now = batch;
  while (!isTerminal(now.status)) {
    await delay(WAIT_MS);
    now = Batch.parse(await client.json({ path: batch.links.self }));
    if (stderr.isTTY) stderr.write(`\r${now.progress.done} of ${now.progress.total}`);
  }
  if (stderr.isTTY) stderr.write('\n');
  return now;
}

function describeBatch({ id, name, status, items, progress }: Batch): string {
  const ends = TERMINAL_STATUSES.filter((end) => items[end]).map((end) => `${items[end]} ${end}`);
  return `batch ${id} (${name}): ${status}, ${progress.done} of ${progress.total} done${ends.length > 0 ? `: ${ends.join(', ')}` : ''}`;
}
