import type { Checkpoint } from '../../artifacts/checkpoints.ts';

/** An audit may take a twentieth of the run's own time. */
const SHARE = 0.05;

/** Bars that an audit for look-ahead may decide on again: in its share of the time, or in `least` seconds. */
export function auditBudget({ cpuSeconds, bar }: Pick<Checkpoint, 'cpuSeconds' | 'bar'>, least: number): number {
  return (Math.max(least, SHARE * cpuSeconds) * bar) / Math.max(cpuSeconds, 1e-9);
}
