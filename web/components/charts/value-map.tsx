'use client';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useStore } from '@/lib/store.ts';
import { colour, theme } from '@/lib/theme.ts';
import { blank, useWidth } from './canvas.ts';
import { PictureButton } from './picture-button.tsx';
import { mixed, scaleStops } from './value-scale.ts';

export interface Place {
  row: number;
  column: number;
}
interface Props {
  label: string;
  columns: readonly string[];
  rows: readonly string[];
  columnTitle: string;
  rowTitle: string;
  /** By row, then column; null where there is nothing. */
  values: readonly (readonly (number | null)[])[];
  format: (value: number | null) => string;
  /** The cell that is outlined. */
  chosen: Place | null;
  onChoose: (place: Place) => void;
  /** What is read out and shown of a cell. */
  describe: (place: Place) => string;
  /** Whether low values are the good ones: they then have the light end of the scale. */
  lowIsGood: boolean;
}

const HEIGHT = 420;
const LEFT = 72;
const BOTTOM = 24;
const STEPS: Record<string, [up: number, right: number]> = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };

/** Values on a grid of any size, rows upwards, drawn at once. The arrows move through it, Enter chooses; what the focus or the pointer is at is written below. */
export function ValueMap(props: Props) {
  const { label, columns, rows, columnTitle, rowTitle, chosen, onChoose, describe } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [at, setAt] = useState<Place | null>(null);
  const width = useWidth(canvas);
  const about = useId();
  const shownTheme = useStore(theme);
  useEffect(() => {
    if (width > 0) draw(canvas.current!, width, props, at);
  }, [props, width, at, shownTheme]);

  const placeOf = (event: PointerEvent): Place | null => {
    const { left, top } = canvas.current!.getBoundingClientRect();
    const column = Math.floor(((event.clientX - left - LEFT) / (width - LEFT)) * columns.length);
    const row = rows.length - 1 - Math.floor(((event.clientY - top) / (HEIGHT - BOTTOM)) * rows.length);
    return column >= 0 && column < columns.length && row >= 0 && row < rows.length ? { row, column } : null;
  };
  const press = (event: KeyboardEvent): void => {
    const from = at ?? chosen ?? { row: 0, column: 0 };
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onChoose(from);
    }
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setAt({
      row: Math.min(rows.length - 1, Math.max(0, from.row + step[0])),
      column: Math.min(columns.length - 1, Math.max(0, from.column + step[1])),
    });
  };
  return (
    <figure>
      <div className="mb-1 text-xs text-muted">↑ {rowTitle}</div>
      <div style={{ height: HEIGHT }} className="relative w-full">
        {/* A picture with cells to walk through, for which HTML has no element. */}
        <canvas
          ref={canvas}
          // oxlint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role
          role="application"
          aria-roledescription="heatmap"
          aria-label={`${label}. Arrow keys move through its cells, Enter chooses one.`}
          aria-describedby={about}
          tabIndex={0}
          className="absolute inset-0 cursor-crosshair"
          onKeyDown={press}
          onFocus={() => setAt((now) => now ?? chosen)}
          onPointerMove={(event) => setAt(placeOf(event))}
          onPointerLeave={() => setAt(null)}
          onClick={(event) => {
            const place = placeOf(event as unknown as PointerEvent);
            if (place) onChoose(place);
          }}
        />
      </div>
      <div className="text-right text-xs text-muted">{columnTitle} →</div>
      <div className="mt-1 flex min-h-6 flex-wrap items-center justify-between gap-x-4">
        <p id={about} role="status" className="min-h-5 font-medium">
          {at === null ? '' : describe(at)}
        </p>
        <div className="flex items-center gap-4">
          <Legend {...props} />
          <PictureButton title={label} picture={() => canvas.current} />
        </div>
      </div>
    </figure>
  );
}

function Legend({ values, format, lowIsGood }: Props) {
  const { low, high } = rangeOf(values);
  return (
    <p className="flex items-center gap-2 text-xs text-muted">
      {format(low)}
      <span
        aria-hidden="true"
        className="h-3 w-40 rounded-xs border border-line"
        style={{
          background: `linear-gradient(to ${lowIsGood ? 'left' : 'right'}, var(--scale-0), var(--scale-1), var(--scale-2), var(--scale-3), var(--scale-4))`,
        }}
      />
      {format(high)}
    </p>
  );
}

function rangeOf(values: Props['values']): { low: number | null; high: number | null } {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values.flat()) if (value !== null) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return low > high ? { low: null, high: null } : { low, high };
}

function draw(canvas: HTMLCanvasElement, width: number, { rows, columns, values, chosen, lowIsGood }: Props, at: Place | null): void {
  const pen = blank(canvas, width, HEIGHT);
  const cell = { width: (width - LEFT) / columns.length, height: (HEIGHT - BOTTOM) / rows.length };
  const left = (column: number): number => LEFT + column * cell.width;
  const top = (row: number): number => (rows.length - 1 - row) * cell.height;
  const { low, high } = rangeOf(values);
  const stops = scaleStops();
  const gap = Math.min(cell.width, cell.height) > 6 ? 1 : 0;
  values.forEach((line, row) =>
    line.forEach((value, column) => {
      if (value === null || low === null || high === null) return;
      const share = high === low ? 0.5 : (value - low) / (high - low);
      pen.fillStyle = mixed(stops, lowIsGood ? 1 - share : share);
      pen.fillRect(left(column), top(row), cell.width - gap, cell.height - gap);
    }),
  );
  drawAxes(pen, { rows, columns, left, top, cell });
  const outline = (place: Place, tone: string, line: number): void => {
    pen.strokeStyle = colour(tone);
    pen.lineWidth = line;
    pen.strokeRect(left(place.column) - 0.5, top(place.row) - 0.5, cell.width, cell.height);
  };
  if (chosen) {
    // Two lines, as the cell below may be dark or light.
    outline(chosen, 'ground', 5);
    outline(chosen, 'ink', 2.5);
  }
  if (at) outline(at, 'accent', 2);
}

interface Axes {
  rows: readonly string[];
  columns: readonly string[];
  left: (column: number) => number;
  top: (row: number) => number;
  cell: { width: number; height: number };
}

function drawAxes(pen: CanvasRenderingContext2D, { rows, columns, left, top, cell }: Axes): void {
  pen.fillStyle = colour('muted');
  pen.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  pen.textBaseline = 'middle';
  pen.textAlign = 'right';
  const everyRow = Math.ceil(16 / cell.height);
  rows.forEach((text, row) => {
    if (row % everyRow === 0) pen.fillText(text, LEFT - 6, top(row) + cell.height / 2, LEFT - 8);
  });
  pen.textAlign = 'center';
  const everyColumn = Math.ceil(44 / cell.width);
  columns.forEach((text, column) => {
    if (column % everyColumn === 0) pen.fillText(text, left(column) + cell.width / 2, HEIGHT - BOTTOM + 12, 60);
  });
}
