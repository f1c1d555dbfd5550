import { canonicalJson } from '../../shared/canonical-json.ts';
import type { BacktestSpecInput } from '../../shared/spec.ts';
import type { Service } from './service.ts';

/** Result hashes of undisturbed runs, by spec: a run is a pure function of it. */
const hashes = new Map<string, string>();

const MOST_TRIES = 3;

/** Runs a spec while nothing is wrong, unless that was done before. Every disturbed run of it must give the same hash. */
export async function runUndisturbed(service: Service, spec: BacktestSpecInput): Promise<void> {
  if (referenceOf(spec) !== null) return;
  // A machine that is busy with other things may miss a heartbeat.
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const { manifest } = await service.completed((await service.submit(spec)).id);
    if (manifest.attempts === manifest.slices) return void hashes.set(canonicalJson(spec), manifest.resultHash);
  }
  throw new Error('the run that is to be the reference was disturbed each time');
}

export function referenceOf(spec: BacktestSpecInput): string | null {
  return hashes.get(canonicalJson(spec)) ?? null;
}
