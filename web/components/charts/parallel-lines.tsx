'use client';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useStore } from '@/lib/store.ts';
import { colour, theme } from '@/lib/theme.ts';
import { blank, useWidth } from './canvas.ts';
import { PictureButton } from './picture-button.tsx';
import { mixed, scaleStops } from './value-scale.ts';

export interface Axis {
  name: string;
  /** What stands at its low and its high end. */
  low: string;
  high: string;
}
interface Props {
  label: string;
  axes: readonly Axis[];
  /** Of each line, the best first: where it crosses each axis, from 0 at the low end to 1; NaN where it does not. */
  lines: readonly (readonly number[])[];
  /** From 0, bad, to 1, good. */
  goodness: readonly number[];
  /** What is read out and shown of a line. */
  describe: (line: number) => string;
  /** Told what was dragged over on an axis, in shares of it. */
  onRange: (axis: number, low: number, high: number) => void;
}

const HEIGHT = 420;
const MARGIN = { x: 60, top: 36, bottom: 28 };
/** A pointer further away than this is at no line. */
const NEAR = 12;
/** A shorter drag was a click. */
const DRAG = 6;
/** Between two axes, so that their names do not meet; a narrow screen shows a part of them at a time. */
const NARROWEST = 100;

/** Each line crosses all axes; good ones are light. Up and down go from line to line by rank; to drag along an axis says which part of it matters. */
export function ParallelLines(props: Props) {
  const { label, axes, lines, describe, onRange } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const [drag, setDrag] = useState<{ axis: number; from: number; to: number } | null>(null);
  const width = Math.max(useWidth(canvas), axes.length * NARROWEST);
  const about = useId();
  const shownTheme = useStore(theme);
  useEffect(() => {
    if (width > 0) draw(canvas.current!, { ...props, width, at, drag });
  }, [props, width, at, drag, shownTheme]);

  const placeOf = (event: PointerEvent): { axis: number; y: number; share: number } => {
    const { left, top } = canvas.current!.getBoundingClientRect();
    const y = event.clientY - top;
    const axis = Math.round(((event.clientX - left - MARGIN.x) / (width - 2 * MARGIN.x)) * (axes.length - 1));
    return { axis: Math.min(axes.length - 1, Math.max(0, axis)), y, share: Math.min(1, Math.max(0, 1 - (y - MARGIN.top) / SPAN)) };
  };
  const press = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    setAt((now) => Math.min(lines.length - 1, Math.max(0, now === null ? 0 : now + step)));
  };
  const drop = (event: PointerEvent): void => {
    if (drag === null) return;
    const to = placeOf(event).share;
    setDrag(null);
    if (Math.abs(to - drag.from) * SPAN > DRAG) onRange(drag.axis, Math.min(drag.from, to), Math.max(drag.from, to));
  };
  return (
    <figure>
      <div style={{ height: HEIGHT }} className="w-full overflow-x-auto overflow-y-hidden">
        {/* A picture with lines to walk through, for which HTML has no element. */}
        <canvas
          ref={canvas}
          // oxlint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role
          role="application"
          aria-roledescription="parallel coordinates"
          aria-label={`${label}. Up and down go through its lines, the best first.`}
          aria-describedby={about}
          tabIndex={0}
          className="cursor-crosshair"
          onKeyDown={press}
          onFocus={() => setAt((now) => now ?? 0)}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            const { axis, share } = placeOf(event);
            setDrag({ axis, from: share, to: share });
          }}
          onPointerMove={(event) => {
            const { axis, share } = placeOf(event);
            if (drag) setDrag({ ...drag, to: share });
            else setAt(nearest(lines, axis, share));
          }}
          onPointerUp={drop}
          // A finger that scrolls.
          onPointerCancel={() => setDrag(null)}
          onPointerLeave={() => setAt(null)}
        />
      </div>
      <div className="mt-1 flex min-h-8 flex-wrap items-center justify-between gap-x-4">
        <p id={about} role="status" className="min-h-5 font-medium">
          {at === null || lines[at] === undefined ? '' : describe(at)}
        </p>
        <PictureButton title={label} picture={() => canvas.current} />
      </div>
    </figure>
  );
}

const SPAN = HEIGHT - MARGIN.top - MARGIN.bottom;

/** Of the lines near by on an axis the best; null where there is none. */
function nearest(lines: Props['lines'], axis: number, share: number): number | null {
  let [found, distance]: [number | null, number] = [null, NEAR / SPAN];
  lines.forEach((line, index) => {
    const away = Math.abs(line[axis]! - share);
    if (away < distance) [found, distance] = [index, away];
  });
  return found;
}

interface Drawing extends Props {
  width: number;
  at: number | null;
  drag: { axis: number; from: number; to: number } | null;
}

function draw(canvas: HTMLCanvasElement, { axes, lines, goodness, width, at, drag }: Drawing): void {
  const pen = blank(canvas, width, HEIGHT);
  const x = (axis: number): number => MARGIN.x + ((width - 2 * MARGIN.x) * axis) / Math.max(1, axes.length - 1);
  const y = (share: number): number => MARGIN.top + (1 - share) * SPAN;
  const stroke = (line: readonly number[]): void => {
    pen.beginPath();
    line.forEach((share, axis) => {
      if (!Number.isNaN(share)) pen.lineTo(x(axis), y(share));
    });
    pen.stroke();
  };
  const stops = scaleStops();
  pen.globalAlpha = Math.min(0.9, Math.max(0.15, 60 / lines.length));
  pen.lineWidth = 1;
  // The best last, so that they lie on top.
  for (let index = lines.length - 1; index >= 0; index--) {
    pen.strokeStyle = mixed(stops, goodness[index]!);
    stroke(lines[index]!);
  }
  pen.globalAlpha = 1;
  drawAxes(pen, axes, x);
  if (at !== null && lines[at]) {
    for (const [tone, line] of [
      ['ground', 5],
      ['accent', 2.5],
    ] as const) {
      pen.strokeStyle = colour(tone);
      pen.lineWidth = line;
      stroke(lines[at]);
    }
  }
  if (drag) {
    pen.fillStyle = `${colour('accent')}40`;
    pen.fillRect(x(drag.axis) - 8, y(Math.max(drag.from, drag.to)), 16, Math.abs(drag.to - drag.from) * SPAN);
  }
}

function drawAxes(pen: CanvasRenderingContext2D, axes: readonly Axis[], x: (axis: number) => number): void {
  const family = getComputedStyle(document.body).fontFamily;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  axes.forEach(({ name, low, high }, axis) => {
    pen.fillStyle = colour('edge');
    pen.fillRect(x(axis) - 0.5, MARGIN.top, 1, SPAN);
    pen.fillStyle = colour('ink');
    pen.font = `600 12px ${family}`;
    pen.fillText(name, x(axis), 10, NARROWEST - 8);
    pen.fillStyle = colour('muted');
    pen.font = `11px ${family}`;
    pen.fillText(high, x(axis), MARGIN.top - 9, NARROWEST - 8);
    pen.fillText(low, x(axis), HEIGHT - MARGIN.bottom + 12, NARROWEST - 8);
  });
}
