const UNIT_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds of a timeframe such as `5m`; those of a day for what is none. `shared/spec.ts` has the same, with the schemas of a spec, which are too large for this. */
export function timeframeMs(timeframe: string): number {
  const [, number = '1', unit = 'd'] = /^(\d+)([smhdw])$/.exec(timeframe) ?? [];
  return Number(number) * UNIT_MS[unit]!;
}
