import { figureText } from '../shared/figure-text.ts';
import type { Night, NightComparison, NightRanking, Schedule } from '../shared/schedule.ts';
import { drawn, plainTable } from './tables.ts';

/** One line a schedule, newest first as the service lists them. */
export function schedulesTable(schedules: readonly Schedule[]): string {
  const table = plainTable(['left', 'left', 'left', 'left', 'left', 'left'], {
    head: ['id', 'name', 'when', 'state', 'next', 'last'],
  });
  for (const schedule of schedules) {
    const { id, name, nextRuns, lastRun } = schedule;
    table.push([id, name, whenOf(schedule), stateOf(schedule), shortTime(nextRuns[0]), lastRun?.status ?? '']);
  }
  return drawn(table);
}

/** All that a schedule shows. */
export function scheduleTable(schedule: Schedule): string {
  const { skipped, lastRun } = schedule;
  const rows: [string, string | null][] = [
    ['id', schedule.id],
    ['name', schedule.name],
    ['when', whenOf(schedule)],
    ['state', [stateOf(schedule), schedule.note].filter(Boolean).join(': ')],
    ['next', schedule.nextRuns.slice(0, 3).map(shortTime).join(', ') || null],
    ['overlap', schedule.overlap],
    ['catch-up window', schedule.catchupWindow],
    ['jitter', schedule.jitter ?? null],
    ['skipped', skipped && `${skipped.overlap} because another ran, ${skipped.missed} missed for too long`],
    ['last night', lastRun && `${shortTime(lastRun.nominalTime)}: ${lastRun.status ?? 'deleted'}`],
    ['Temporal Web', schedule.links.temporal],
  ];
  const table = plainTable(['left', 'left']);
  for (const [name, value] of rows) if (value !== null) table.push([name, value]);
  return drawn(table);
}

/** One line a night: how it ended, and what is new. */
export function nightsTable(nights: readonly Night[]): string {
  const table = plainTable(['left', 'left', 'right', 'right', 'left', 'left'], {
    head: ['due (UTC)', 'status', 'return', 'was', 'what is new', 'run'],
  });
  for (const { nominalTime, status, metrics, comparison, run, error } of nights) {
    const total = metrics?.['totalReturn'];
    const was = comparison?.metrics.totalReturn?.before;
    const news = comparison === null ? (error?.message ?? '') : newsOf(comparison);
    table.push([shortTime(nominalTime), status ?? 'deleted', fraction(total), fraction(was), news, run ?? '']);
  }
  const ranked = nights.find(({ comparison }) => comparison?.ranking != null);
  return ranked === undefined ? drawn(table) : `${drawn(table)}\n\n${rankingTable(ranked)}`;
}

function newsOf({ trades, ranking, revised }: NightComparison): string {
  return [
    ...(trades === null ? [] : [`${trades.opened} opened, ${trades.closed} closed`]),
    ...(ranking === null ? [] : [bestOf(ranking)]),
    ...(revised.length > 0 ? [`revised: ${revised.join(', ')}`] : []),
  ].join(', ');
}

function bestOf({ best: { before, after } }: NightRanking): string {
  if (after === null) return 'no trial has an objective';
  const now = paramsText(after.params);
  if (before === null) return `best ${now}`;
  const was = paramsText(before.params);
  return was === now ? `best ${now} as before` : `best ${now}, was ${was}`;
}

/** The best trials of the latest night of a sweep, and where they stood the night before. */
function rankingTable({ nominalTime, comparison }: Night): string {
  const table = plainTable(['right', 'right', 'left', 'right', 'right'], { head: ['rank', 'was', 'parameters', 'objective', 'was'] });
  const place = (rank: number | null): string => (rank === null ? '–' : String(rank));
  for (const { params, rank, objective } of comparison!.ranking!.top)
    table.push([
      place(rank.after),
      place(rank.before),
      paramsText(params),
      figureText(objective.after, 'ratio'),
      figureText(objective.before, 'ratio'),
    ]);
  return `The best trials of ${shortTime(nominalTime)}, and the night before:\n${drawn(table)}`;
}

function paramsText(params: Readonly<Record<string, number | string>>): string {
  return Object.entries(params)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function fraction(value: number | null | undefined): string {
  return value === undefined ? '' : figureText(value, 'fraction');
}

function whenOf({ cron, calendar, timeZone }: Schedule): string {
  return `${cron ?? `${calendar?.length} calendar entries`} (${timeZone})`;
}

function stateOf({ paused }: Schedule): string {
  if (paused === null) return 'unknown: Temporal does not answer';
  return paused ? 'paused' : 'active';
}

function shortTime(time: string | undefined): string {
  return time === undefined ? '' : time.slice(0, 16).replace('T', ' ');
}
