'use client';
import type { Schedule } from '#shared/schedule.ts';
import { Link } from '@/components/link.tsx';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { Page } from '@/components/shell.tsx';
import { SkeletonRows } from '@/components/skeleton.tsx';
import { Status } from '@/components/status.tsx';
import { Table, type Column } from '@/components/table.tsx';
import { formatMinute, NOTHING } from '@/lib/format.ts';
import { pages } from '@/lib/pages.ts';
import { usePages } from '@/lib/use-pages.ts';
import { ScheduleState } from './schedule-state.tsx';
import { timingText } from './timing-words.ts';

/** Nights come and go by themselves. */
const LOOK_MS = 15_000;

const COLUMNS: readonly Column<Schedule>[] = [
  {
    key: 'name',
    title: 'Name',
    cell: ({ id, name }) => (
      <Link className="link" href={pages.schedule(id)}>
        {name}
      </Link>
    ),
  },
  { key: 'state', title: 'State', width: '110px', cell: ({ paused }) => <ScheduleState paused={paused} /> },
  { key: 'when', title: 'When', cell: timingText, from: 'md' },
  { key: 'next', title: 'Next night', width: '150px', align: 'right', cell: ({ nextRuns }) => formatMinute(nextRuns[0]) },
  {
    key: 'last',
    title: 'Last night',
    width: '260px',
    from: 'lg',
    align: 'right',
    cell: ({ lastRun }) =>
      lastRun === null ? (
        <span className="text-muted">{NOTHING}</span>
      ) : (
        <span className="inline-flex gap-3">
          {formatMinute(lastRun.nominalTime)} {lastRun.status && <Status status={lastRun.status} />}
        </span>
      ),
  },
];

/** All schedules. */
export function SchedulesView() {
  const { items, error, more, refresh } = usePages<Schedule>('/v1/schedules?limit=50', { refreshInterval: LOOK_MS });
  return (
    <Page
      title="Schedules"
      actions={
        <Link className="button button-main" href={pages.newSchedule}>
          New schedule
        </Link>
      }
    >
      {error && items === undefined ? (
        <ProblemView error={error} retry={refresh} />
      ) : items === undefined ? (
        <SkeletonRows label="The schedules are loading" />
      ) : items.length === 0 ? (
        <EmptyState
          title="No schedule yet"
          action={
            <Link className="button button-main" href={pages.newSchedule}>
              Make one
            </Link>
          }
        >
          A schedule runs a backtest again and again, most often every night on the bars of the day, and says what is new since the night
          before.
        </EmptyState>
      ) : (
        <Table label="Schedules" columns={COLUMNS} rows={items} rowKey={({ id }) => id} onEnd={more} height="calc(100dvh - 150px)" />
      )}
    </Page>
  );
}
