'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { Icon } from './icon.tsx';

const ROW_HEIGHT = 32;
/** Rows beyond what is seen, in each direction. */
const OVERSCAN = 12;

export interface Column<Row> {
  /** Also the name to sort by. */
  key: string;
  title: ReactNode;
  cell: (row: Row) => ReactNode;
  /** CSS width; the others share what is left. */
  width?: string;
  align?: 'right';
  sortable?: boolean;
  /** Left out on narrow screens. */
  from?: 'md' | 'lg' | 'xl' | '2xl';
}
export interface Sorting {
  key: string;
  direction: 'asc' | 'desc';
}
interface Props<Row> {
  /** What it lists, for screen readers. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  sorting?: Sorting;
  onSort?: (sorting: Sorting) => void;
  /** Called when the last rows come into sight. */
  onEnd?: () => void;
  /** Below the last row: `More is loading …`. */
  footer?: ReactNode;
  /** CSS height of the part that scrolls. */
  height?: string;
  selected?: (row: Row) => boolean;
}

const FROM = {
  md: 'hidden md:table-cell',
  lg: 'hidden lg:table-cell',
  xl: 'hidden xl:table-cell',
  '2xl': 'hidden 2xl:table-cell',
};

/** A table of any length: only the rows in sight, and some beside them, are in the document. The arrow keys move between the rows' links. */
export function Table<Row>({ label, columns, rows, rowKey, sorting, onSort, onEnd, footer, height = '100%', selected }: Props<Row>) {
  const scroller = useRef<HTMLDivElement>(null);
  // What it gives is read in each render of this component and passed to no other.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
  });
  const shown = virtual.getVirtualItems();
  const [first, last] = [shown[0], shown.at(-1)];
  const isAtEnd = last !== undefined && last.index >= rows.length - OVERSCAN;
  useEffect(() => {
    if (isAtEnd) onEnd?.();
  }, [isAtEnd, onEnd, rows.length]);

  return (
    <div
      ref={scroller}
      className="relative overflow-auto"
      style={{ height }}
      role="region"
      aria-label={label}
      tabIndex={0}
      onKeyDown={moveBetweenRows}
    >
      <table className="w-full table-fixed border-collapse" aria-rowcount={rows.length + 1}>
        <thead className="sticky top-0 z-10 bg-ground">
          <tr className="h-8" aria-rowindex={1}>
            {columns.map((column) => (
              <Header key={column.key} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Space height={first?.start ?? 0} />
          {shown.map(({ index }) => {
            const row = rows[index]!;
            return (
              <KeptRow
                key={rowKey(row)}
                row={row}
                index={index}
                columns={columns as readonly Column<unknown>[]}
                isSelected={selected?.(row) ?? false}
              />
            );
          })}
          <Space height={virtual.getTotalSize() - (last?.end ?? 0)} />
        </tbody>
      </table>
      {footer}
    </div>
  );
}

interface RowProps<Row> {
  row: Row;
  index: number;
  columns: readonly Column<Row>[];
  isSelected: boolean;
}

function OneRow<Row>({ row, index, columns, isSelected }: RowProps<Row>) {
  return (
    <tr aria-rowindex={index + 2} className={`h-8 border-t border-line hover:bg-raised ${isSelected ? 'bg-accent-soft' : ''}`}>
      {columns.map(({ key, cell, align, from }) => (
        <td key={key} className={`truncate px-2 ${align === 'right' ? 'number' : ''} ${from ? FROM[from] : ''}`}>
          {cell(row)}
        </td>
      ))}
    </tr>
  );
}
/** Whoever scrolls makes only the rows that come into sight. */
const KeptRow = memo(OneRow<unknown>);

function Header<Row>({
  column,
  sorting,
  onSort,
}: {
  column: Column<Row>;
  sorting: Sorting | undefined;
  onSort: ((sorting: Sorting) => void) | undefined;
}) {
  const { key, title, width, align, sortable, from } = column;
  const direction = sorting?.key === key ? sorting.direction : null;
  const className = `border-b border-line px-2 text-xs font-medium text-muted ${align === 'right' ? 'text-right' : 'text-left'} ${from ? FROM[from] : ''}`;
  if (!sortable)
    return (
      <th scope="col" className={className} style={{ width }}>
        {title}
      </th>
    );
  return (
    <th
      scope="col"
      className={className}
      style={{ width }}
      aria-sort={direction === null ? 'none' : direction === 'asc' ? 'ascending' : 'descending'}
    >
      <button
        type="button"
        className="inline-flex items-center gap-0.5 hover:text-ink"
        onClick={() => onSort?.({ key, direction: direction === 'desc' ? 'asc' : 'desc' })}
      >
        {title}
        {direction !== null && <Icon name={direction === 'asc' ? 'up' : 'down'} size={12} />}
      </button>
    </th>
  );
}

/** In place of rows that are not in the document. One cell: more would keep room for columns that a narrow screen leaves out. */
function Space({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true">
      <td style={{ height, padding: 0 }} />
    </tr>
  );
}

function moveBetweenRows(event: KeyboardEvent<HTMLDivElement>): void {
  const row = (event.target as HTMLElement).closest('tbody tr');
  if (row === null || (event.target as HTMLElement).closest('input, select, [role=menu]')) return;
  const next = event.key === 'ArrowDown' ? row.nextElementSibling : event.key === 'ArrowUp' ? row.previousElementSibling : null;
  const link = next?.querySelector<HTMLElement>('a');
  if (!link) return;
  event.preventDefault();
  link.focus();
}
