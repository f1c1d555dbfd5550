/** Turns values into places on an axis. */
export interface Scale {
  (value: number): number;
  ticks: { at: number; label: string }[];
}

interface Axis {
  /** Values at the ends of the axis. */
  domain: readonly [number, number];
  /** Their places, in pixels. */
  range: readonly [number, number];
  /** About so many ticks. */
  count: number;
  label: (value: number, step: number) => string;
}

export function linearScale({ domain, range, count, label }: Axis): Scale {
  const [low, high] = widened(domain);
  const place = (value: number) => range[0] + ((value - low) / (high - low)) * (range[1] - range[0]);
  const step = niceStep((high - low) / count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  return Object.assign(place, { ticks: ticks.map((value) => ({ at: place(value), label: label(value, step) })) });
}

/** For positive values: equal distances are equal factors; ticks at 1, 2 and 5 times the powers of ten. */
export function logScale({ domain: [low, high], range, label }: Axis): Scale {
  const place = (value: number) => range[0] + (Math.log(value / low) / Math.log(high / low)) * (range[1] - range[0]);
  const decades = Array.from({ length: Math.ceil(Math.log10(high / low)) + 2 }, (_, i) => 10 ** (Math.floor(Math.log10(low)) + i));
  const factors = decades.length > 5 ? [1] : [1, 2, 5];
  const ticks = decades.flatMap((decade) => factors.map((factor) => factor * decade)).filter((value) => value >= low && value <= high);
  return Object.assign(place, { ticks: ticks.map((value) => ({ at: place(value), label: label(value, value) })) });
}

const DAY_MS = 86_400_000;

/** Times in milliseconds; ticks at the beginnings of years or months, of days or hours for what is shorter. */
export function timeScale([from, to]: readonly [number, number], range: readonly [number, number], count: number): Scale {
  const end = to > from ? to : from + DAY_MS;
  const place = (time: number) => range[0] + ((time - from) / (end - from)) * (range[1] - range[0]);
  return Object.assign(place, { ticks: timeTicks(from, end, count).map(({ time, label }) => ({ at: place(time), label })) });
}

function timeTicks(from: number, to: number, count: number): { time: number; label: string }[] {
  const months = (to - from) / (30.44 * DAY_MS) / count;
  if (months < 1) return dayTicks(from, to, count);
  const step = months <= 6 ? [1, 2, 3, 6].find((each) => each >= months)! : 12 * Math.ceil(niceStep(months / 12));
  const start = new Date(from);
  const first = Math.ceil((start.getUTCFullYear() * 12 + start.getUTCMonth()) / step) * step;
  return Array.from({ length: 2 * count + 2 }, (_, i) => ({ month: first + i * step, time: beginningOf(first + i * step) }))
    .filter(({ time }) => time >= from && time <= to)
    .map(({ month, time }) => ({ time, label: month % 12 === 0 ? String(month / 12) : new Date(time).toISOString().slice(0, 7) }));
}

/** Minutes between two ticks within a day. */
const MINUTES = [1, 2, 5, 15, 30, 60, 120, 180, 360, 720];

function dayTicks(from: number, to: number, count: number): { time: number; label: string }[] {
  const minutes = (to - from) / 60_000 / count;
  const within = MINUTES.find((each) => each >= minutes);
  const step = within === undefined ? Math.ceil((to - from) / DAY_MS / count) * DAY_MS : within * 60_000;
  const times = Array.from({ length: count + 1 }, (_, i) => (Math.ceil(from / step) + i) * step).filter((time) => time <= to);
  return times.map((time) => {
    const text = new Date(time).toISOString();
    return { time, label: within === undefined ? text.slice(0, 10) : text.slice(5, 16).replace('T', ' ') };
  });
}

/** Of a month counted from the year 0. `Date.UTC` takes the years 0 to 99 for those of the last century. */
function beginningOf(month: number): number {
  return new Date(0).setUTCFullYear(Math.floor(month / 12), month % 12, 1);
}

/** 1, 2 or 5 times a power of ten: the nearest, by factors. */
function niceStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = value / power;
  return power * (factor < 1.4 ? 1 : factor < 3.2 ? 2 : factor < 7.1 ? 5 : 10);
}

/** An axis of no length gets some around its value. */
function widened([low, high]: readonly [number, number]): [number, number] {
  if (high > low) return [low, high];
  const around = Math.abs(low) * 0.05 || 1;
  return [low - around, high + around];
}
