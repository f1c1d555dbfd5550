import { colour } from './theme.ts';

export interface Caption {
  title: string;
  /** What each curve is, with the name of its colour in globals.css. */
  curves: readonly { text: string; tone: string }[];
}

const MARGIN = 12;
const LINE = 20;

/** A chart as it is drawn, below its title and what its curves are; in the theme that is shown, at the density of the screen. */
export function captioned(chart: HTMLCanvasElement, { title, curves }: Caption): HTMLCanvasElement {
  const scale = devicePixelRatio;
  const head = MARGIN + LINE * (curves.length > 0 ? 2 : 1);
  const canvas = document.createElement('canvas');
  canvas.width = chart.width + 2 * MARGIN * scale;
  canvas.height = chart.height + (head + MARGIN) * scale;
  const pen = canvas.getContext('2d')!;
  pen.fillStyle = colour('ground');
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(chart, MARGIN * scale, head * scale);
  pen.scale(scale, scale);
  const family = getComputedStyle(document.body).fontFamily;
  pen.textBaseline = 'middle';
  pen.fillStyle = colour('ink');
  pen.font = `600 14px ${family}`;
  pen.fillText(title, MARGIN, MARGIN + LINE / 2, canvas.width / scale - 2 * MARGIN);
  pen.font = `12px ${family}`;
  let left = MARGIN;
  for (const { text, tone } of curves) {
    pen.fillStyle = colour(tone);
    pen.fillRect(left, MARGIN + 1.5 * LINE - 1, 12, 2);
    pen.fillStyle = colour('muted');
    pen.fillText(text, left + 18, MARGIN + 1.5 * LINE);
    left += 34 + pen.measureText(text).width;
  }
  return canvas;
}

/** A name of a file that every system takes. */
export const fileName = (title: string): string => `${title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '') || 'chart'}.png`;
