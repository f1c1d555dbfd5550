import type { OverQuota } from '../results/quotas.ts';
import { HoldfastError } from '../shared/errors.ts';
import type { LimitName } from '../shared/limits.ts';

const DAY_SECONDS = 86_400;

/** What a limit counts, as people say it, and whether a new day makes room. */
const LIMITS: Record<LimitName, { what: string; daily: boolean }> = {
  openRuns: { what: 'runs that are not finished', daily: false },
  trialsPerDay: { what: 'backtests accepted today', daily: true },
  cpuSecondsPerDay: { what: 'seconds of simulation today', daily: true },
  scannedBytesPerDay: { what: 'bytes scanned today', daily: true },
  storedBytes: { what: 'bytes stored', daily: false },
};

/** Where there is no saying when a run ends or is deleted. */
const ASK_AGAIN_SECONDS = 30;

interface Headers {
  header(name: string, value: string): unknown;
}

type Refused = { outcome: 'key_reused' } | OverQuota;

/** What was accepted. Fails with `key_reused`, and with `over_quota`, whose answer says when there may be room again. */
export function acceptedOf<Submitted extends { outcome: string }>(
  submitted: Submitted | Refused,
  reply: Headers,
): Exclude<Submitted, Refused> {
  if (submitted.outcome === 'over_quota') throw overQuota(submitted as OverQuota, reply);
  if (submitted.outcome === 'key_reused')
    throw new HoldfastError('key_reused', 'This Idempotency-Key belongs to another payload. Send the same payload, or take a new key.');
  return submitted as Exclude<Submitted, Refused>;
}

function overQuota({ limit, most, used, wanted }: OverQuota, reply: Headers): HoldfastError {
  const { what, daily } = LIMITS[limit];
  const seconds = daily ? DAY_SECONDS - (Math.floor(Date.now() / 1_000) % DAY_SECONDS) : ASK_AGAIN_SECONDS;
  const left = Math.max(0, Math.floor(most - used));
  reply.header('retry-after', String(seconds));
  // draft-ietf-httpapi-ratelimit-headers-11: structured fields with the name of the policy, its quota, its window and what is left of it.
  reply.header('ratelimit-policy', `"${limit}";q=${most}${daily ? `;w=${DAY_SECONDS}` : ''}`);
  reply.header('ratelimit', `"${limit}";r=${left}${daily ? `;t=${seconds}` : ''}`);
  const more = wanted > 1 ? `, and this would be ${wanted.toLocaleString('en-US')} more` : '';
  const advice = daily ? 'A new day begins at 00:00 UTC.' : 'Wait until runs have finished, cancel some, or delete what is not needed.';
  const have = `You have ${used.toLocaleString('en-US')} of ${most.toLocaleString('en-US')} ${what}${more}: nothing was accepted.`;
  return new HoldfastError('over_quota', `${have} ${advice} GET /v1/me shows all limits.`);
}
