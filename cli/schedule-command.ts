import type { Command } from 'commander';
import * as z from 'zod';
import { Night, Schedule } from '../shared/schedule.ts';
import { type Context, clientOf, print } from './context.ts';
import { readSpec } from './run-command.ts';
import { resolveScheduleId } from './schedule-id.ts';
import { nightsTable, scheduleTable, schedulesTable } from './schedule-tables.ts';

const TIMING: readonly [flags: string, description: string][] = [
  ['--name <name>', 'name of the schedule'],
  ['--cron <line>', 'minute, hour, day of month, month, day of week: "30 2 * * mon-fri"'],
  ['--time-zone <zone>', 'whose clock that is, such as America/New_York'],
  ['--overlap <policy>', 'while a night still runs: skip, buffer-one, buffer-all, cancel-other, terminate-other, allow-all'],
  ['--catchup-window <time>', 'missed nights run up to this much later (6h)'],
  ['--jitter <time>', 'begin up to this much later, at random'],
  ['--pause-on-failure', 'pause after a night that failed'],
];

interface CreateOptions extends Record<string, unknown> {
  idempotencyKey?: string;
}

interface BackfillOptions {
  from: string;
  to: string;
  overlap?: string;
  idempotencyKey?: string;
}

/** `holdfast schedule create|list|show|runs|update|trigger|backfill|pause|resume|delete` */
export function addScheduleCommands(program: Command, context: Context): void {
  const schedule = program.command('schedule').description('backtests and sweeps that are run again and again');
  addChanges(schedule, context);
  addReads(schedule, context);
  addControls(schedule, context);
}

function addChanges(schedule: Command, context: Context): void {
  const create = schedule
    .command('create')
    .argument('<file>', 'a schedule, or the spec of a backtest or sweep together with --cron; - reads it from stdin')
    .description('run a backtest or a sweep again and again')
    .option('--paused', 'begin paused')
    .option('--idempotency-key <key>', 'creating again with the same key gives the same schedule')
    .action(async (file: string, { idempotencyKey, ...timing }: CreateOptions, command: Command) => {
      const written = await readSpec(file, context);
      const isSchedule = typeof written === 'object' && written !== null && 'spec' in written;
      const body = { ...(isSchedule ? written : { spec: written }), ...ownOf(timing) };
      const headers: Record<string, string> = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
      const answer = await clientOf(command, context).json({ method: 'POST', path: '/v1/schedules', body, headers });
      print(command, context, answer, () => scheduleTable(Schedule.parse(answer)));
    });
  const update = schedule
    .command('update')
    .argument('<id>', 'id of a schedule, or its beginning')
    .description('change a schedule: what is left out stays')
    .option('--spec <file>', 'the spec of the backtest or sweep')
    .action(async (text: string, { spec, ...timing }: { spec?: string } & Record<string, unknown>, command: Command) => {
      const client = clientOf(command, context);
      const body = { ...ownOf(timing), ...(spec !== undefined && { spec: await readSpec(spec, context) }) };
      const answer = await client.json({ method: 'PATCH', path: `/v1/schedules/${await resolveScheduleId(client, text)}`, body });
      print(command, context, answer, () => scheduleTable(Schedule.parse(answer)));
    });
  for (const command of [create, update]) for (const [flags, description] of TIMING) command.option(flags, description);
}

/** Without the options that every command has. */
function ownOf({ url: _url, json: _json, ...timing }: Record<string, unknown>): Record<string, unknown> {
  return timing;
}

function addReads(schedule: Command, context: Context): void {
  schedule
    .command('list')
    .description('list schedules, newest first')
    .option('--cursor <cursor>', 'go on where an earlier list ended')
    .action(async ({ cursor }: { cursor?: string }, command: Command) => {
      const answer = await clientOf(command, context).json({ path: '/v1/schedules', query: { cursor } });
      print(command, context, answer, () => withMore(answer, Schedule, schedulesTable));
    });
  schedule
    .command('show')
    .argument('<id>', 'id of a schedule, or its beginning')
    .description('one schedule, with its next times')
    .action(async (text: string, _options: object, command: Command) => {
      const client = clientOf(command, context);
      const answer = await client.json({ path: `/v1/schedules/${await resolveScheduleId(client, text)}` });
      print(command, context, answer, () => scheduleTable(Schedule.parse(answer)));
    });
  schedule
    .command('runs')
    .argument('<id>', 'id of a schedule, or its beginning')
    .description('what came of it, latest first')
    .option('--cursor <cursor>', 'go on where an earlier list ended')
    .action(async (text: string, { cursor }: { cursor?: string }, command: Command) => {
      const client = clientOf(command, context);
      const answer = await client.json({ path: `/v1/schedules/${await resolveScheduleId(client, text)}/runs`, query: { cursor } });
      print(command, context, answer, () => withMore(answer, Night, nightsTable));
    });
  schedule
    .command('delete')
    .argument('<id>', 'id of a schedule, or its beginning')
    .description('delete a schedule; its runs stay')
    .action(async (text: string, _options: object, command: Command) => {
      const client = clientOf(command, context);
      const id = await resolveScheduleId(client, text);
      await client.json({ method: 'DELETE', path: `/v1/schedules/${id}` });
      print(command, context, { deleted: id }, () => `Deleted schedule ${id}. Its runs stay.`);
    });
}

function withMore<Item extends z.ZodType>(answer: unknown, item: Item, table: (items: z.infer<Item>[]) => string): string {
  const { items, nextCursor } = z.object({ items: z.array(item), nextCursor: z.string().nullable() }).parse(answer);
  if (items.length === 0) return 'There is nothing yet.';
  return nextCursor === null ? table(items) : `${table(items)}\n\nThere are more: --cursor ${nextCursor}`;
}

function addControls(schedule: Command, context: Context): void {
  const ask = async (
    text: string,
    control: string,
    { body, key, command }: { body: object; key?: string | undefined; command: Command },
  ) => {
    const client = clientOf(command, context);
    const id = await resolveScheduleId(client, text);
    const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
    const answer = await client.json({ method: 'POST', path: `/v1/schedules/${id}/${control}`, body, headers });
    print(command, context, answer, () => `Recorded: ${control} schedule ${id}. What comes of it: holdfast schedule runs ${id}`);
  };
  const KEY = ['--idempotency-key <key>', 'asking again with the same key does nothing more'] as const;
  schedule
    .command('trigger')
    .argument('<id>', 'id of a schedule, or its beginning')
    .description('run it now')
    .option('--overlap <policy>', "while a night still runs; by default the schedule's own")
    .option(...KEY)
    .action(async (text: string, { overlap, idempotencyKey: key }: { overlap?: string; idempotencyKey?: string }, command: Command) =>
      ask(text, 'trigger', { body: { overlap }, key, command }),
    );
  schedule
    .command('backfill')
    .argument('<id>', 'id of a schedule, or its beginning')
    .requiredOption('--from <time>', 'first time (2026-01-31T00:00:00Z, or a day, UTC)')
    .requiredOption('--to <time>', 'last time, or last day')
    .description('run the nights of the past, each for its nominal time')
    .option('--overlap <policy>', 'between these nights; buffer-all, the default, runs one after the other')
    .option(...KEY)
    .action(async (text: string, { from, to, overlap, idempotencyKey: key }: BackfillOptions, command: Command) => {
      const body = { from: moment(from, '00:00:00'), to: moment(to, '23:59:59'), overlap };
      await ask(text, 'backfill', { body, key, command });
    });
  for (const control of ['pause', 'resume'] as const)
    schedule
      .command(control)
      .argument('<id>', 'id of a schedule, or its beginning')
      .description(control === 'pause' ? 'let no night begin until it is resumed' : 'let nights begin again')
      .option('--note <text>', 'why')
      .action(async (text: string, { note }: { note?: string }, command: Command) => ask(text, control, { body: { note }, command }));
}

function moment(text: string, timeOfDay: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T${timeOfDay}Z` : text;
}
