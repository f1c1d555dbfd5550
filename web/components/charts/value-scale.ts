import { colour } from '@/lib/theme.ts';

type Rgb = [number, number, number];

/** The even scale of values (cividis), in the colours that the theme has for it. */
export const scaleStops = (): Rgb[] => [0, 1, 2, 3, 4].map((index) => rgbOf(colour(`scale-${index}`)));

function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Between the two nearest stops; `share` from 0, the dark end, to 1. */
export function mixed(stops: readonly Rgb[], share: number): string {
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const first = Math.min(stops.length - 2, Math.floor(place));
  const rest = place - first;
  const [a, b] = [stops[first]!, stops[first + 1]!];
  return `rgb(${a.map((value, index) => Math.round(value + (b[index]! - value) * rest)).join(' ')})`;
}
