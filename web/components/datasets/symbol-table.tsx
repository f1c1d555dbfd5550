'use client';
import { useMemo, useState } from 'react';
import type { SymbolInfo } from '#shared/dataset.ts';
import { ProblemView } from '@/components/problem.tsx';
import { SkeletonRows } from '@/components/skeleton.tsx';
import { Table, type Column } from '@/components/table.tsx';
import { formatBarTime, formatCount } from '@/lib/format.ts';
import { useApi } from '@/lib/use-api.ts';

/** Symbols of a source and when each has bars. */
export function SymbolTable({ source }: { source: string }) {
  const { data, error, mutate } = useApi<{ items: SymbolInfo[] }>(`/v1/datasets/${encodeURIComponent(source)}/symbols`);
  const [text, setText] = useState('');
  const span = useMemo(() => spanOf(data?.items ?? []), [data]);
  const rows = (data?.items ?? []).filter(({ symbol }) => symbol.toLowerCase().includes(text.trim().toLowerCase()));
  const columns: Column<SymbolInfo>[] = [
    { key: 'symbol', title: 'Symbol', width: '120px', cell: ({ symbol }) => symbol },
    { key: 'from', title: 'From', width: '120px', align: 'right', cell: ({ from }) => formatBarTime(from, true) },
    { key: 'to', title: 'To', width: '120px', align: 'right', cell: ({ to }) => formatBarTime(to, true) },
    { key: 'bars', title: 'Bars', width: '90px', align: 'right', from: 'md', cell: ({ bars }) => formatCount(bars) },
    { key: 'timeframe', title: 'Timeframe', width: '90px', from: 'lg', cell: ({ timeframe }) => timeframe },
    { key: 'coverage', title: 'Coverage', from: 'md', cell: (symbol) => <Coverage symbol={symbol} span={span} /> },
  ];
  if (error) return <ProblemView error={error} retry={() => void mutate()} />;
  if (data === undefined) return <SkeletonRows label="The symbols are loading" />;
  return (
    <section aria-labelledby="symbols-title">
      <div className="mb-1 flex items-center justify-between gap-3">
        <h2 id="symbols-title">Symbols</h2>
        <input
          className="field max-w-48"
          type="search"
          aria-label="Part of the symbol"
          placeholder="Part of the symbol"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {rows.length === 0 ? (
        <p className="text-muted">No symbol fits.</p>
      ) : (
        <Table
          label="Symbols"
          columns={columns}
          rows={rows}
          rowKey={({ symbol, timeframe }) => `${symbol} ${timeframe}`}
          height="min(60dvh, 560px)"
        />
      )}
    </section>
  );
}

interface Span {
  start: number;
  end: number;
}

function spanOf(symbols: readonly SymbolInfo[]): Span {
  let [start, end] = [Infinity, -Infinity];
  for (const { from, to } of symbols) {
    if (from !== null) start = Math.min(start, Date.parse(from));
    if (to !== null) end = Math.max(end, Date.parse(to));
  }
  return { start, end };
}

/** From when to when, against the whole of the source. */
function Coverage({ symbol: { from, to }, span: { start, end } }: { symbol: SymbolInfo; span: Span }) {
  if (from === null || to === null || end <= start) return null;
  const share = (time: string): number => ((Date.parse(time) - start) / (end - start)) * 100;
  return (
    <div aria-hidden="true" className="relative h-2 rounded-full bg-line">
      <div
        className="absolute inset-y-0 rounded-full bg-accent"
        style={{ left: `${share(from)}%`, width: `${Math.max(0.5, share(to) - share(from))}%` }}
      />
    </div>
  );
}
