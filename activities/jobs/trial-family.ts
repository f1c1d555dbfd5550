import { createHash } from 'node:crypto';
import { canonicalJson } from '../../shared/canonical-json.ts';
import type { MetricName } from '../../shared/metrics.ts';
import type { Params } from '../../shared/strategy.ts';
import type { SweepSpec } from '../../shared/sweep-spec.ts';

/** What the figures of trials follow from, beside their parameters. */
interface Origin {
  spec: SweepSpec;
  /** SHA-256 of the bars. */
  dataset: string;
  strategyHash: string;
  engineVersion: string;
  figures: readonly MetricName[];
}

/** The name of all trials whose figures differ by their parameters alone. Where it is the same, a trial is never computed again. */
export function familyOf({ spec, dataset, strategyHash, engineVersion, figures }: Origin): string {
  const { data, strategy, account, metrics, seed } = spec;
  const { symbols, instruments } = data;
  const { name, rules } = strategy;
  return digest({ dataset, symbols, instruments, name, rules, strategyHash, account, metrics, seed, engineVersion, figures }).toString(
    'hex',
  );
}

/** The name of a trial in its family, as two whole numbers of 48 bits: no two of them ever meet. */
export function trialKey(params: Params): [number, number] {
  const bytes = digest(params);
  return [bytes.readUIntBE(0, 6), bytes.readUIntBE(6, 6)];
}

function digest(value: unknown): Buffer {
  return createHash('sha256').update(canonicalJson(value)).digest();
}
