import { isTerminal } from '#shared/names.ts';
import { Change } from '@/components/figure.tsx';
import { Link } from '@/components/link.tsx';
import { Progress } from '@/components/progress.tsx';
import { Status } from '@/components/status.tsx';
import type { Column } from '@/components/table.tsx';
import { formatCount, formatMinute, formatRatio } from '@/lib/format.ts';
import { useLive } from '@/lib/live.ts';
import { pages } from '@/lib/pages.ts';
import type { ListedRun } from '@/lib/run-list.ts';

export function runColumns(selected: ReadonlySet<string>, toggle: (id: string) => void): Column<ListedRun>[] {
  return [
    {
      key: 'selected',
      title: <span className="sr-only">Chosen</span>,
      width: '36px',
      cell: ({ id, name }) => (
        <input
          type="checkbox"
          className="size-4 align-middle"
          aria-label={`Choose ${name}`}
          checked={selected.has(id)}
          onChange={() => toggle(id)}
        />
      ),
    },
    {
      key: 'name',
      title: 'Name',
      cell: ({ id, name, tags }) => (
        <>
          <Link href={pages.run(id)} prefetch={false} className="font-medium hover:underline">
            {name}
          </Link>
          {tags.map((tag) => (
            <span key={tag} className="ml-1.5 rounded border border-line px-1 text-xs text-muted">
              {tag}
            </span>
          ))}
        </>
      ),
    },
    { key: 'status', title: 'Status', width: '130px', cell: (run) => <LiveStatus run={run} /> },
    { key: 'progress', title: 'Progress', width: '140px', from: 'lg', cell: (run) => <LiveProgress run={run} /> },
    { key: 'strategy', title: 'Strategy', width: '150px', from: '2xl', cell: ({ strategy }) => strategy },
    {
      key: 'symbols',
      title: 'Symbols',
      width: '110px',
      from: 'xl',
      cell: ({ symbols }) => (symbols.length > 3 ? `${symbols.slice(0, 2).join(', ')} +${symbols.length - 2}` : symbols.join(', ')),
    },
    {
      key: 'totalReturn',
      title: 'Return',
      width: '84px',
      align: 'right',
      from: 'md',
      cell: ({ figures }) => <Change value={figures?.totalReturn} />,
    },
    { key: 'sharpe', title: 'Sharpe', width: '72px', align: 'right', from: 'lg', cell: ({ figures }) => formatRatio(figures?.sharpe) },
    {
      key: 'maxDrawdown',
      title: 'Drawdown',
      width: '84px',
      align: 'right',
      from: 'xl',
      cell: ({ figures }) => <Change value={figures?.maxDrawdown} />,
    },
    { key: 'trades', title: 'Trades', width: '72px', align: 'right', from: '2xl', cell: ({ figures }) => formatCount(figures?.trades) },
    {
      key: 'createdAt',
      title: 'Started',
      width: '132px',
      align: 'right',
      from: 'md',
      sortable: true,
      cell: ({ createdAt }) => formatMinute(createdAt),
    },
  ];
}

function LiveStatus({ run }: { run: ListedRun }) {
  const { status, requested } = useLive(run);
  return <Status status={status} requested={requested} />;
}

function LiveProgress({ run }: { run: ListedRun }) {
  const { status, progress } = useLive(run);
  return isTerminal(status) && status === 'completed' ? null : <Progress progress={progress} status={status} />;
}
