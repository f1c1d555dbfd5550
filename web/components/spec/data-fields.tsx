'use client';
import type { SourceInfo, SymbolInfo } from '#shared/dataset.ts';
import { formatBarTime, formatCount } from '@/lib/format.ts';
import { useApi } from '@/lib/use-api.ts';
import { BoundChoice, BoundList, BoundText, type Bound } from './bound.tsx';

const ADJUST = { splits: 'Splits', 'total-return': 'Splits and dividends', none: 'Nothing: as they were traded' };

/** Where the bars come from, of whom, and when. `at` is the place of the backtest's spec in the draft: empty, or `spec.`. */
export function DataFields({ at, dates, ...bound }: Bound & { at: '' | 'spec.'; dates: string }) {
  const { data: sources } = useApi<{ items: SourceInfo[] }>('/v1/datasets');
  const source = bound.draft.at(`${at}data.source`);
  const known = typeof source === 'string' && sources?.items.some((each) => each.source === source);
  const { data: symbols } = useApi<{ items: SymbolInfo[] }>(known && source !== 'synthetic' ? `/v1/datasets/${source}/symbols` : null);
  const words = Object.fromEntries((sources?.items ?? []).map((each) => [each.source, each.title]));
  const wanted = bound.draft.at(`${at}data.symbols`);
  const shown = (symbols?.items ?? []).filter(({ symbol }) => Array.isArray(wanted) && wanted.includes(symbol)).slice(0, 3);
  return (
    <>
      <BoundChoice
        {...bound}
        path={`${at}data.source`}
        label="Source"
        otherwise="sample"
        words={Object.keys(words).length > 0 ? words : { sample: 'sample' }}
      />
      <BoundList
        {...bound}
        path={`${at}data.symbols`}
        label="Symbols"
        read={String}
        placeholder="AAPL, MSFT"
        hint={
          shown.length > 0
            ? shown
                .map(
                  ({ symbol, from, to, bars }) =>
                    `${symbol}: ${formatCount(bars)} bars, ${formatBarTime(from, true)} to ${formatBarTime(to, true)}`,
                )
                .join('; ')
            : symbols
              ? `Has ${symbols.items
                  .slice(0, 6)
                  .map(({ symbol }) => symbol)
                  .join(', ')}${symbols.items.length > 6 ? ' …' : ''}`
              : ' '
        }
      />
      <BoundText {...bound} path={`${at}data.timeframe`} label="Timeframe" placeholder="1d" />
      <BoundChoice {...bound} path={`${at}data.adjust`} label="Prices adjusted for" otherwise="splits" words={ADJUST} />
      <BoundText {...bound} path={`${at}data.from`} label="From" placeholder="the first bar" hint={dates} />
      <BoundText {...bound} path={`${at}data.to`} label="To" placeholder={at === '' ? 'the last bar' : 'now-1d'} hint={dates} />
    </>
  );
}

/** Paths that {@link DataFields} shows faults at. */
export const DATA_PATHS = ['data.source', 'data.symbols', 'data.timeframe', 'data.adjust', 'data.from', 'data.to'] as const;
