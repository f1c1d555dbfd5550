import type { Command } from 'commander';
import * as z from 'zod';
import { RUN_STATUSES } from '../shared/names.ts';
import { RunSummary } from '../shared/run.ts';
import { type Context, clientOf, print } from './context.ts';
import { describeRun, follow } from './run-command.ts';
import { resolveRunId } from './run-id.ts';
import { runsTable } from './tables.ts';
import { wholeNumber } from './whole-number.ts';

const Page = z.object({ items: z.array(RunSummary), nextCursor: z.string().nullable() });

interface ListOptions {
  status?: string;
  strategy?: string;
  symbol?: string;
  tag?: string;
  batch?: string;
  query?: string;
  since?: string;
  until?: string;
  limit: number;
  cursor?: string;
}

/** `holdfast ls`, `holdfast show ID` and `holdfast watch ID` */
export function addListCommands(program: Command, context: Context): void {
  program
    .command('ls')
    .description('list runs, newest first')
    .option('--status <status,…>', `one or more of ${RUN_STATUSES.join(' ')}`)
    .option('--strategy <name>')
    .option('--symbol <symbol>')
    .option('--tag <tag>')
    .option('--batch <id>', 'items of this batch')
    .option('-q, --query <text>', 'part of the name')
    .option('--since <time>', 'accepted at or after (2026-01-31 or 2026-01-31T14:30:00Z)')
    .option('--until <time>', 'accepted before')
    .option('-n, --limit <count>', 'runs to list, up to 200', wholeNumber, 50)
    .option('--cursor <cursor>', 'go on where an earlier list ended')
    .action(async ({ query, since, until, ...same }: ListOptions, command: Command) => {
      const filters = { ...same, q: query, createdFrom: moment(since), createdTo: moment(until) };
      const answer = await clientOf(command, context).json({ path: '/v1/backtests', query: filters });
      print(command, context, answer, () => describePage(Page.parse(answer)));
    });
  program
    .command('show')
    .argument('<id>', 'id of a run, or its beginning')
    .description('show one run')
    .option('-w, --watch', 'until it has ended; the exit status then tells whether it completed')
    .action(async (text: string, { watch }: { watch?: boolean }, command: Command) => {
      const client = clientOf(command, context);
      const id = await resolveRunId(client, text);
      if (watch) return follow(client, id, { command, context });
      const answer = await client.json({ path: `/v1/backtests/${id}` });
      print(command, context, answer, () => describeRun(RunSummary.parse(answer)));
    });
  program
    .command('watch')
    .argument('<id>', 'id of a run, or its beginning')
    .description('show the progress of a run until it has ended')
    .action(async (text: string, _options: object, command: Command) => {
      const client = clientOf(command, context);
      await follow(client, await resolveRunId(client, text), { command, context });
    });
}

function describePage({ items, nextCursor }: z.infer<typeof Page>): string {
  if (items.length === 0) return 'No runs. Submit one with: holdfast run SPEC.json --watch';
  return nextCursor === null ? runsTable(items) : `${runsTable(items)}\n\nThere are more: --cursor ${nextCursor}`;
}

/** A day counts from its start, UTC; what is no time at all is left for the service to refuse. */
function moment(text: string | undefined): string | undefined {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
}
