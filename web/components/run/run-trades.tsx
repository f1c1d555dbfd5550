'use client';
import { useMemo, useState } from 'react';
import { isTerminal } from '#shared/names.ts';
import type { ExitReason, Run } from '#shared/run.ts';
import { Change, Profit } from '@/components/figure.tsx';
import { Icon } from '@/components/icon.tsx';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { SkeletonRows } from '@/components/skeleton.tsx';
import { Table, type Column, type Sorting } from '@/components/table.tsx';
import { saveFile } from '@/lib/api.ts';
import { formatBarTime, formatCount, formatMoney, formatPrice } from '@/lib/format.ts';
import { toCsv } from '@/lib/series.ts';
import { timeframeMs } from '@/lib/timeframe.ts';
import { TradeNote } from './trade-note.tsx';
import { EXITS, useTrades, type Trade } from './use-trades.ts';

const DAY_MS = 86_400_000;
const HEIGHT = 'min(70dvh, 900px)';
type Kind = 'all' | 'wins' | 'losses' | 'long' | 'short';
const KINDS: Record<Kind, string> = { all: 'All', wins: 'Wins', losses: 'Losses', long: 'Long', short: 'Short' };

/** Every trade: sorted, filtered, and as a file. */
export function RunTrades({ run }: { run: Run }) {
  const daily = timeframeMs(run.timeframe) >= DAY_MS;
  const { trades, error, retry } = useTrades(run.id, isTerminal(run.status));
  const [sorting, setSorting] = useState<Sorting>({ key: 'number', direction: 'asc' });
  const [kind, setKind] = useState<Kind>('all');
  const [exit, setExit] = useState<ExitReason | ''>('');
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<Trade | null>(null);
  const shown = useMemo(() => {
    const wanted = trades?.filter((trade) => isOfKind(trade, kind) && (exit === '' || trade.exitReason === exit) && hasText(trade, text));
    return wanted?.toSorted(by(sorting));
  }, [trades, kind, exit, text, sorting]);
  const columns = useMemo(() => columnsOf(daily, setChosen), [daily]);

  if (error) return <ProblemView error={error} retry={retry} />;
  if (shown === undefined || trades === undefined) return <SkeletonRows rows={14} label="The trades are loading" />;
  if (trades.length === 0)
    return (
      <EmptyState title="No trades">
        Nothing was bought or sold{isTerminal(run.status) ? '' : ' yet'}. The orders say what was tried.
      </EmptyState>
    );
  const save = (): void =>
    saveFile(
      new Blob([toCsv(Object.keys(trades[0]!), shown as unknown as Record<string, unknown>[])], { type: 'text/csv' }),
      `${run.id}-trades.csv`,
    );
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <select aria-label="Which trades" className="field w-28" value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
          {Object.entries(KINDS).map(([name, word]) => (
            <option key={name} value={name}>
              {word}
            </option>
          ))}
        </select>
        <select
          aria-label="Why they were left"
          className="field w-44"
          value={exit}
          onChange={(event) => setExit(event.target.value as ExitReason | '')}
        >
          <option value="">Left for any reason</option>
          {[...new Set(trades.map(({ exitReason }) => exitReason))].map((reason) => (
            <option key={reason} value={reason}>
              {EXITS[reason]}
            </option>
          ))}
        </select>
        <input
          aria-label="Symbol or tag"
          placeholder="Symbol or tag"
          className="field w-40"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <span className="text-muted" role="status">
          {formatCount(shown.length)} of {formatCount(trades.length)}
        </span>
        <span className="flex-1" />
        <button type="button" className="button" onClick={save}>
          <Icon name="download" size={14} /> CSV of these
        </button>
      </div>
      {chosen && <TradeNote trade={chosen} daily={daily} onClose={() => setChosen(null)} />}
      <Table
        label="Trades"
        columns={columns}
        rows={shown}
        rowKey={({ number }) => String(number)}
        sorting={sorting}
        onSort={setSorting}
        height={HEIGHT}
        selected={(trade) => trade === chosen}
      />
    </>
  );
}

function columnsOf(daily: boolean, choose: (trade: Trade) => void): Column<Trade>[] {
  return [
    {
      key: 'number',
      title: 'No.',
      width: '64px',
      sortable: true,
      cell: (trade) => (
        <button type="button" className="link" aria-label={`Trade ${trade.number}`} onClick={() => choose(trade)}>
          {trade.number}
        </button>
      ),
    },
    { key: 'symbol', title: 'Symbol', width: '90px', sortable: true, cell: ({ symbol }) => symbol },
    { key: 'side', title: 'Side', width: '64px', from: 'md', sortable: true, cell: ({ side }) => side },
    {
      key: 'entryTime',
      title: 'Entered',
      width: daily ? '112px' : '190px',
      sortable: true,
      cell: ({ entryTime }) => formatBarTime(entryTime, daily),
    },
    { key: 'entryPrice', title: 'at', align: 'right', from: 'lg', sortable: true, cell: ({ entryPrice }) => formatPrice(entryPrice) },
    {
      key: 'exitTime',
      title: 'Left',
      width: daily ? '112px' : '190px',
      from: 'md',
      sortable: true,
      cell: ({ exitTime }) => formatBarTime(exitTime, daily),
    },
    { key: 'exitPrice', title: 'at', align: 'right', from: 'lg', sortable: true, cell: ({ exitPrice }) => formatPrice(exitPrice) },
    { key: 'exitReason', title: 'Why left', from: 'lg', sortable: true, cell: ({ exitReason }) => EXITS[exitReason] },
    { key: 'entryTag', title: 'Tag', width: '90px', from: 'xl', sortable: true, cell: ({ entryTag }) => entryTag ?? '' },
    { key: 'bars', title: 'Bars', width: '64px', align: 'right', from: 'lg', sortable: true, cell: ({ bars }) => formatCount(bars) },
    { key: 'fees', title: 'Fees', width: '80px', align: 'right', from: 'xl', sortable: true, cell: ({ fees }) => formatMoney(fees) },
    { key: 'return', title: 'Return', width: '90px', align: 'right', sortable: true, cell: (trade) => <Change value={trade.return} /> },
    { key: 'pnl', title: 'Profit', width: '100px', align: 'right', sortable: true, cell: ({ pnl }) => <Profit value={pnl} /> },
  ];
}

function isOfKind({ pnl, side }: Trade, kind: Kind): boolean {
  if (kind === 'all') return true;
  if (kind === 'wins') return pnl > 0;
  if (kind === 'losses') return pnl < 0;
  return side === kind;
}

function hasText({ symbol, entryTag }: Trade, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return wanted === '' || symbol.toLowerCase().includes(wanted) || (entryTag?.toLowerCase().includes(wanted) ?? false);
}

function by({ key, direction }: Sorting) {
  const sign = direction === 'asc' ? 1 : -1;
  return (a: Trade, b: Trade): number => {
    const [x, y] = [a[key as keyof Trade] ?? '', b[key as keyof Trade] ?? ''];
    return sign * (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y)));
  };
}
