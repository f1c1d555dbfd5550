'use client';
import type { Night } from '#shared/schedule.ts';
import { Change } from '@/components/figure.tsx';
import { Link } from '@/components/link.tsx';
import { Status } from '@/components/status.tsx';
import { Table, type Column } from '@/components/table.tsx';
import { formatCount, formatMoment, formatRatio, NOTHING } from '@/lib/format.ts';
import { pages } from '@/lib/pages.ts';

const REVISED = { bars: 'bars', spec: 'spec', strategy: 'strategy', engine: 'engine' };

const COLUMNS: readonly Column<Night>[] = [
  {
    key: 'time',
    title: 'Night',
    width: '200px',
    cell: ({ nominalTime, kind, run }) =>
      run === null ? (
        formatMoment(nominalTime)
      ) : (
        <Link className="link" href={pages.night(kind, run)}>
          {formatMoment(nominalTime)}
        </Link>
      ),
  },
  { key: 'status', title: 'Outcome', width: '120px', cell: ({ status }) => (status === null ? 'Run deleted' : <Status status={status} />) },
  {
    key: 'return',
    title: 'Total return',
    width: '104px',
    align: 'right',
    cell: ({ metrics }) => <Change value={metrics?.['totalReturn']} />,
  },
  { key: 'sharpe', title: 'Sharpe', width: '80px', align: 'right', from: 'md', cell: ({ metrics }) => formatRatio(metrics?.['sharpe']) },
  {
    key: 'trades',
    title: 'New trades',
    width: '150px',
    from: '2xl',
    cell: ({ comparison }) =>
      !comparison?.trades ? NOTHING : `${formatCount(comparison.trades.opened)} opened, ${formatCount(comparison.trades.closed)} closed`,
  },
  { key: 'what', title: 'What was done', from: 'xl', cell: whatWasDone },
];

/** What came of each night, latest first. */
export function Nights({ nights, more, paused }: { nights: readonly Night[]; more: () => void; paused: boolean }) {
  return (
    <section aria-labelledby="nights-title">
      <h2 id="nights-title" className="mb-1">
        Nights
      </h2>
      {nights.length === 0 ? (
        <p className="py-6 text-muted">
          No night yet. {paused ? 'It is paused: resume it, or run it now.' : 'Run it now to see whether all is well.'}
        </p>
      ) : (
        <Table
          label="Nights"
          columns={COLUMNS}
          rows={nights}
          rowKey={({ nominalTime, launchedAt }) => `${nominalTime} ${launchedAt}`}
          onEnd={more}
          height="min(70dvh, 640px)"
        />
      )}
    </section>
  );
}

function whatWasDone({ error, comparison }: Night) {
  if (error !== null) return <span title={error.message}>{error.message}</span>;
  if (comparison === null) return '';
  const { continued, revised } = comparison;
  const text = continued.newBars === null ? `All bars: ${continued.full ?? ''}` : `${formatCount(continued.newBars)} new bars`;
  return (
    <span title={text}>
      {revised.length === 0 ? text : `Came out otherwise: other ${revised.map((each) => REVISED[each]).join(', ')}. ${text}`}
    </span>
  );
}
