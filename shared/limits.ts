import * as z from 'zod';

const most = (what: string) => z.int().min(0).optional().describe(what);

/** What an owner may have and use; without a number there is no limit. A day is one of UTC. */
export const Limits = z.strictObject({
  openRuns: most('Runs that are queued, running or paused at once'),
  trialsPerDay: most('Backtests accepted in a day; a batch counts its items'),
  cpuSecondsPerDay: most('Simulation time of the runs that ended in a day'),
  scannedBytesPerDay: most('Bytes that metered sources scanned in a day'),
  storedBytes: most('Uploads, and the results of runs that were not deleted'),
});
export type Limits = z.infer<typeof Limits>;
export type LimitName = keyof Limits;

/** Limits by the name of a plan; `default` is for owners without one, or with one that is not listed. */
export const Plans = z.record(z.string(), Limits);

/** What owners of a plan may have and use. */
export type LimitsOf = (plan: string | null) => Limits;

export function limitsByPlan(plans: z.infer<typeof Plans> = {}): LimitsOf {
  const { default: otherwise = {} } = plans;
  return (plan) => (plan !== null && Object.hasOwn(plans, plan) ? plans[plan]! : otherwise);
}

/** What an owner has and has used today, by the names of the limits. */
export const Usage = z.object({
  openRuns: z.int(),
  trialsPerDay: z.int(),
  cpuSecondsPerDay: z.number(),
  scannedBytesPerDay: z.number(),
  storedBytes: z.number(),
});
export type Usage = z.infer<typeof Usage>;
