import { figureText } from '../shared/figure-text.ts';
import type { Night, Schedule } from '../shared/schedule.ts';
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
    head: ['due (UTC)', 'status', 'return', 'was', 'new trades', 'run'],
  });
  for (const { nominalTime, status, metrics, comparison, run, error } of nights) {
    const total = metrics?.['totalReturn'];
    const was = comparison?.metrics.totalReturn?.before;
    const trades = comparison === null ? (error?.message ?? '') : `${comparison.trades.opened} opened, ${comparison.trades.closed} closed`;
    const revised = comparison !== null && comparison.revised.length > 0 ? `, revised: ${comparison.revised.join(', ')}` : '';
    table.push([shortTime(nominalTime), status ?? 'deleted', fraction(total), fraction(was), trades + revised, run ?? '']);
  }
  return drawn(table);
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
