import { html, raw, type Html } from './html.ts';
import { linearScale, logScale, timeScale, type Scale } from './scale.ts';

/** Charts as SVG without scripts; colours and sizes of text come from the style sheet of the page. */

interface Size {
  width: number;
  height: number;
}

/** Room for the labels of the axes. */
const LEFT = 58;
const BOTTOM = 20;
const TOP = 8;
const RIGHT = 8;

/** A curve is drawn on a logarithmic axis where it has grown or fallen by more than this factor. */
const LOG_FACTOR = 8;

interface Line {
  name: string;
  /** Class of the style sheet. */
  kind: 'main' | 'other' | 'loss';
  values: ArrayLike<number | null>;
  /** Fills the space between the line and zero. */
  filled?: boolean;
}

export interface LineChart extends Size {
  title: string;
  times: ArrayLike<number>;
  lines: readonly Line[];
  label: (value: number, step: number) => string;
  /** May use a logarithmic axis. */
  mayBeLog?: boolean;
  /** Values that the axis must show. */
  include?: readonly number[];
  /** Times from whose first to whose last the axis goes; left out: those of the lines. */
  span?: ArrayLike<number>;
}

export function lineChart({ title, times, lines, label, width, height, mayBeLog = false, include = [], span = times }: LineChart): Html {
  const [low, high] = extent([...lines.map(({ values }) => values), include]);
  const isLog = mayBeLog && low > 0 && high / low > LOG_FACTOR;
  const axis = { domain: [low, high], range: [height - BOTTOM, TOP], count: Math.max(2, Math.round(height / 32)), label } as const;
  const y = isLog ? logScale(axis) : linearScale(axis);
  const x = timeScale([span[0] ?? 0, span[span.length - 1] ?? 0], [LEFT, width - RIGHT], Math.round(width / 110));
  const drawn = lines.map((line) => drawLine(line, times, x, y));
  return frame({ title: isLog ? `${title} (logarithmic)` : title, width, height, x, y }, drawn, lines);
}

function drawLine({ values, kind, filled = false }: Line, times: ArrayLike<number>, x: Scale, y: Scale): Html {
  const pieces: string[][] = [[]];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined || !Number.isFinite(value)) pieces.push([]);
    else pieces.at(-1)!.push(`${round(x(times[i]!))},${round(y(value))}`);
  }
  return html`${pieces
    .filter((points) => points.length > 0)
    .map((points) => {
      const area = filled
        ? raw(`<path class="area ${kind}" d="M${points.join('L')}V${round(y(0))}H${points[0]!.split(',')[0]!}Z"/>`)
        : raw('');
      return html`${area}<path class="line ${kind}" d="M${points.join('L')}" />`;
    })}`;
}

/** Half the width of a label across, about. */
const HALF_LABEL = 18;

export interface BarChart extends Size {
  title: string;
  /** One more than counts. */
  edges: readonly number[];
  counts: readonly number[];
  label: (value: number, step: number) => string;
}

/** A histogram: bars left of zero are losses. */
export function barChart({ title, edges, counts, label, width, height }: BarChart): Html {
  const x = linearScale({ domain: [edges[0] ?? 0, edges.at(-1) ?? 1], range: [LEFT, width - RIGHT], count: 6, label });
  const y = linearScale({
    domain: [0, Math.max(1, ...counts)],
    range: [height - BOTTOM, TOP],
    count: Math.round(height / 50),
    label: (value) => (Number.isInteger(value) ? String(value) : ''),
  });
  const bars = counts.map((count, i) => {
    const [left, right] = [x(edges[i]!), x(edges[i + 1]!)];
    const kind = edges[i]! + edges[i + 1]! < 0 ? 'loss' : 'gain';
    const place = raw(`x="${round(left + 0.5)}" y="${round(y(count))}" width="${round(Math.max(0.5, right - left - 1))}"`);
    return html`<rect class="bar ${kind}" ${place} height="${round(y(0) - y(count))}" />`;
  });
  return frame({ title, width, height, x, y }, bars);
}

export interface ScatterChart extends Size {
  title: string;
  points: readonly { x: number; y: number; isGain: boolean }[];
  label: (value: number, step: number) => string;
  /** Of the axis across, where its unit is another. */
  labelX?: (value: number, step: number) => string;
}

export function scatterChart({ title, points, label, labelX = label, width, height }: ScatterChart): Html {
  const across = extent([points.map((point) => point.x), [0]]);
  const up = extent([points.map((point) => point.y), [0]]);
  const x = linearScale({ domain: across, range: [LEFT, width - RIGHT], count: 6, label: labelX });
  const y = linearScale({ domain: up, range: [height - BOTTOM, TOP], count: Math.round(height / 50), label });
  const dots = points.map(
    (point) => html`<circle class="dot ${point.isGain ? 'gain' : 'loss'}" cx="${round(x(point.x))}" cy="${round(y(point.y))}" r="2.5" />`,
  );
  return frame({ title, width, height, x, y }, dots);
}

interface Frame extends Size {
  title: string;
  x: Scale;
  y: Scale;
}

function frame({ title, width, height, x, y }: Frame, drawn: readonly Html[], legend: readonly Line[] = []): Html {
  const rows = y.ticks.map(
    ({ at, label }) =>
      html`<path class="grid" d="M${LEFT},${round(at)}H${width - RIGHT}" /><text x="${LEFT - 6}" y="${round(at + 3.5)}" class="end"
          >${label}</text
        >`,
  );
  const columns = x.ticks.map(({ at, label }) => {
    const isAtEdge = at > width - HALF_LABEL; // its end would be cut off
    return html`<text x="${isAtEdge ? width : round(at)}" y="${height - 5}" class="${isAtEdge ? 'end' : 'middle'}">${label}</text>`;
  });
  const names = legend.length > 1 ? legend.map(({ name, kind }) => html`<span class="key ${kind}">${name}</span>`) : [];
  return html`<figure>
    <figcaption>${title}${names}</figcaption>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">${rows}${columns}${drawn}</svg>
  </figure>`;
}

/** Lowest and highest finite value of some columns; 0 to 1 where there is none. */
function extent(columns: readonly ArrayLike<number | null>[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const value = column[i];
      if (value === null || value === undefined || !Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low > high ? [0, 1] : [low, high];
}

/** A tenth of a pixel is finer than any screen. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
