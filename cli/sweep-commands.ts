import { type Command, InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { RUN_REQUESTS, runPathOf } from '../shared/names.ts';
import { Sweep, SweepResult, SweepSummary, Trial } from '../shared/sweep.ts';
import { Batch } from '../shared/batch.ts';
import { type Context, EXIT, clientOf, print } from './context.ts';
import type { HttpClient } from './http-client.ts';
import { createProgressView } from './progress.ts';
import { writeOut } from './result-commands.ts';
import { readSpec, withName } from './run-command.ts';
import { resolveRunId } from './run-id.ts';
import { sweepResultText, sweepTable, sweepsTable, trialsTable } from './sweep-tables.ts';
import { watchRun } from './watch-run.ts';

const EFFECT = {
  pause: 'stop a sweep after the trials that it is at, to be resumed',
  resume: 'let a paused sweep go on',
  cancel: 'end a sweep; the trials that are done are ranked and kept',
} as const;

const SweepPage = z.object({ items: z.array(SweepSummary), nextCursor: z.string().nullable() });
const TrialPage = z.object({ items: z.array(Trial), total: z.int(), nextCursor: z.string().nullable() });

/** `holdfast sweep run|ls|show|result|trials|best|pause|resume|cancel|extend|priority` */
export function addSweepCommands(program: Command, context: Context): void {
  const sweep = program.command('sweep').description('many backtests that differ in parameters');
  addSubmission(sweep, context);
  addReading(sweep, context);
  addTrials(sweep, context);
  addSteering(sweep, context);
}

/** A command for one sweep, whose id is its first argument. */
function forOne(sweep: Command, context: Context, [name, description]: [string, string]) {
  const command = sweep.command(name).argument('<id>', 'id of a sweep, or its beginning').description(description);
  return {
    command,
    /** `work` gets the address of the sweep, and the options. */
    does<Options extends object>(
      work: (given: { client: HttpClient; path: string; options: Options; self: Command }) => Promise<void>,
    ): void {
      command.action(async (text: string, ...rest: unknown[]) => {
        const self = rest.at(-1) as Command;
        const client = clientOf(self, context);
        const path = runPathOf(await resolveRunId(client, text, 'sweep'), 'sweep');
        await work({ client, path, options: self.opts<Options>(), self });
      });
    },
  };
}

function addSubmission(sweep: Command, context: Context): void {
  sweep
    .command('run')
    .argument('<spec>', 'file with the spec; - reads it from stdin')
    .description('submit a sweep')
    .option('-w, --watch', 'show its progress until it has ended; the exit status then tells whether it completed')
    .option('--name <name>', 'name of the sweep, instead of the one in the spec')
    .option('--idempotency-key <key>', 'submitting again with the same key gives the same sweep')
    .action(async (file: string, options: { watch?: boolean; name?: string; idempotencyKey?: string }, self: Command) => {
      const client = clientOf(self, context);
      const body = withName(await readSpec(file, context), options.name);
      const headers: Record<string, string> = options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey };
      const accepted = await client.json({ method: 'POST', path: '/v1/sweeps', body, headers });
      const { id } = Sweep.parse(accepted);
      if (!options.watch) return print(self, context, accepted, () => `Accepted sweep ${id}. See it with: holdfast sweep watch ${id}`);
      context.stderr.write(`Sweep ${id}\n`);
      await follow(client, runPathOf(id, 'sweep'), { self, context });
    });
  forOne(sweep, context, ['watch', 'show the progress of a sweep until it has ended']).does(({ client, path, self }) =>
    follow(client, path, { self, context }),
  );
}

/** Shows the progress of a sweep until it has ended, then its best trials. Ctrl-C leaves the sweep alone. */
async function follow(client: HttpClient, path: string, { self, context }: { self: Command; context: Context }): Promise<void> {
  const interrupted = context.untilInterrupted();
  try {
    const { status } = Sweep.parse(await watchRun(client, path, createProgressView(context.stderr), interrupted));
    if (status !== 'completed') context.status = EXIT.failed;
  } catch (error) {
    if (!interrupted.aborted) throw error;
    context.stderr.write('\nThe sweep goes on.\n');
    context.status = EXIT.interrupted;
    return;
  }
  const answer = await client.json({ path: `${path}/result` });
  print(self, context, answer, () => sweepResultText(SweepResult.parse(answer)));
}

function addReading(sweep: Command, context: Context): void {
  sweep
    .command('ls')
    .description('list sweeps, newest first')
    .option('-n, --limit <count>', 'sweeps to list, up to 200', wholeNumber, 50)
    .option('--cursor <cursor>', 'go on where an earlier list ended')
    .action(async (options: { limit: number; cursor?: string }, self: Command) => {
      const answer = await clientOf(self, context).json({ path: '/v1/sweeps', query: { ...options } });
      print(self, context, answer, () => {
        const { items, nextCursor } = SweepPage.parse(answer);
        if (items.length === 0) return 'No sweeps. Submit one with: holdfast sweep run SPEC.json --watch';
        return nextCursor === null ? sweepsTable(items) : `${sweepsTable(items)}\n\nThere are more: --cursor ${nextCursor}`;
      });
    });
  forOne(sweep, context, ['show', 'show one sweep']).does(async ({ client, path, self }) => {
    const answer = await client.json({ path });
    print(self, context, answer, () => sweepTable(Sweep.parse(answer)));
  });
  forOne(sweep, context, ['result', 'the best trials of a sweep that has ended']).does(async ({ client, path, self }) => {
    const answer = await client.json({ path: `${path}/result` });
    print(self, context, answer, () => sweepResultText(SweepResult.parse(answer)));
  });
}

function addTrials(sweep: Command, context: Context): void {
  const trials = forOne(sweep, context, ['trials', 'the trials of a sweep, also while it runs']);
  trials.command
    .option('--sort <column>', 'rank, a parameter or a figure; with - before it from the highest to the lowest', 'rank')
    .option('--filter <condition>', 'such as "trades > 30 && fast < 20"')
    .option('-n, --limit <count>', 'trials to show, up to 1,000', wholeNumber, 20)
    .option('--csv', 'all of them as CSV');
  trials.does<{ sort: string; filter?: string; limit: number; csv?: boolean }>(async ({ client, path, self, options }) => {
    const { csv, limit, ...query } = options;
    if (csv) return writeOut(await client.stream({ path: `${path}/trials`, query: { ...query, format: 'csv' } }), context);
    const answer = await client.json({ path: `${path}/trials`, query: { ...query, limit } });
    print(self, context, answer, () => {
      const { items, total } = TrialPage.parse(answer);
      return items.length === total
        ? trialsTable(items)
        : `${trialsTable(items)}\n\n${items.length} of ${total.toLocaleString('en')} trials; --csv gives all.`;
    });
  });
  const best = forOne(sweep, context, ['best', 'run the best trials of a sweep in full, as a batch']);
  best.command.option('-k, --count <count>', 'how many', wholeNumber, 10);
  best.does<{ count: number }>(async ({ client, path, self, options }) => {
    const answer = await client.json({ method: 'POST', path: `${path}/best`, query: { k: options.count } });
    const batch = Batch.parse(answer);
    print(self, context, answer, () => `Accepted batch ${batch.id}.\nIts items: holdfast ls --batch ${batch.id}`);
  });
}

function addSteering(sweep: Command, context: Context): void {
  for (const request of RUN_REQUESTS)
    forOne(sweep, context, [request, EFFECT[request]]).does(async ({ client, path, self }) => {
      const answer = await client.json({ method: 'POST', path: `${path}/${request}` });
      print(self, context, answer, () => `Recorded: ${request} the sweep, which is ${Sweep.parse(answer).status}.`);
    });
  type Call = Parameters<HttpClient['json']>[0];
  const changes: [name: string, argument: string, description: string, callFor: (path: string, value: number) => Call][] = [
    [
      'extend',
      '<trials>',
      'extend a sweep to so many trials in all',
      (path: string, value: number) => ({ method: 'POST', path: `${path}/extend`, body: { trials: value } }),
    ],
    [
      'priority',
      '<priority>',
      'give a sweep another priority: 1 comes first, 5 last',
      (path: string, value: number) => ({ method: 'PATCH', path, body: { priority: value } }),
    ],
  ];
  for (const [name, argument, description, callFor] of changes) {
    const one = forOne(sweep, context, [name, description]);
    one.command.argument(argument, '', wholeNumber);
    one.does(async ({ client, path, self }) => {
      const answer = await client.json(callFor(path, self.processedArgs[1] as number));
      print(self, context, answer, () => sweepTable(Sweep.parse(answer)));
    });
  }
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Write a whole number above 0.');
  return Number(text);
}
