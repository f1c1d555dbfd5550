'use client';
import { useState, type KeyboardEvent } from 'react';

export interface HeatCell {
  value: number | null;
  /** Read out and shown: `Mar 2021: +2.1 %`. */
  label: string;
  /** Written into the cell where there is room. */
  text?: string;
}
interface Props {
  label: string;
  rows: readonly string[];
  columns: readonly string[];
  /** By row, then column. */
  cells: readonly (readonly (HeatCell | null)[])[];
  /** `around-zero`: loss to gain. `low-high`: one colour, stronger for more. */
  scale: 'around-zero' | 'low-high';
  selected?: { row: number; column: number };
  onSelect?: (row: number, column: number) => void;
}

const STEPS: Record<string, [down: number, right: number]> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

/** Values on a grid. One cell has the focus; the arrows move it, Enter chooses. What the focus or the pointer is at is written below. */
export function Heatmap({ label, rows, columns, cells, scale, selected, onSelect }: Props) {
  const [focus, setFocus] = useState({ row: 0, column: 0 });
  const [at, setAt] = useState<HeatCell | null>(null);
  const values = cells.flat().flatMap((cell) => (cell === null || cell.value === null ? [] : [cell.value]));
  const range = { low: Math.min(...values), high: Math.max(...values), most: Math.max(...values.map(Math.abs), 1e-12) };

  const move = (event: KeyboardEvent<HTMLElement>): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    const [down, right] = step;
    event.preventDefault();
    const row = Math.min(rows.length - 1, Math.max(0, focus.row + down));
    const column = Math.min(columns.length - 1, Math.max(0, focus.column + right));
    setFocus({ row, column });
    event.currentTarget.querySelector<HTMLElement>(`[data-cell="${row}-${column}"]`)?.focus();
  };
  return (
    <div className="overflow-x-auto">
      <table aria-label={label} className="border-separate border-spacing-px text-xs" onKeyDown={move} onMouseLeave={() => setAt(null)}>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">Row</span>
            </th>
            {columns.map((column) => (
              <th key={column} scope="col" className="px-1 font-normal text-muted">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((name, row) => (
            <tr key={name}>
              <th scope="row" className="pr-2 text-right font-normal text-muted">
                {name}
              </th>
              {columns.map((column, index) => {
                const cell = cells[row]?.[index] ?? null;
                const isSelected = selected?.row === row && selected.column === index;
                return (
                  <td key={column} className="p-0">
                    {cell !== null && (
                      <button
                        type="button"
                        data-cell={`${row}-${index}`}
                        tabIndex={focus.row === row && focus.column === index ? 0 : -1}
                        aria-pressed={onSelect ? isSelected : undefined}
                        className={`number h-6 w-full min-w-9 rounded-xs px-1 ${isSelected ? 'outline-2 outline-ink' : ''}`}
                        style={{ background: shade(cell.value, scale, range) }}
                        onMouseEnter={() => setAt(cell)}
                        onFocus={() => {
                          setFocus({ row, column: index });
                          setAt(cell);
                        }}
                        onClick={() => onSelect?.(row, index)}
                      >
                        <span className="sr-only">{cell.label}</span>
                        <span aria-hidden="true">{cell.text}</span>
                      </button>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-1 h-5 text-xs text-muted">{at?.label ?? ' '}</p>
    </div>
  );
}

/** Mixed with the ground, never so strong that the ink on it would be hard to read. */
function shade(value: number | null, scale: Props['scale'], { low, high, most }: { low: number; high: number; most: number }): string {
  if (value === null) return 'transparent';
  const share = scale === 'around-zero' ? Math.sqrt(Math.abs(value) / most) : high === low ? 0.5 : (value - low) / (high - low);
  const tone = scale === 'low-high' ? 'var(--accent)' : value >= 0 ? 'var(--gain)' : 'var(--loss)';
  return `color-mix(in oklab, ${tone} ${Math.round(4 + share * 42)}%, var(--ground))`;
}
