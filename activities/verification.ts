import type { FullRunRow, ResultStore } from '../results/store.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import { HoldfastError } from '../shared/errors.ts';
import type { MetricName } from '../shared/metrics.ts';
import type { StoredResult, Verification } from '../shared/run.ts';
import type { Ports } from './ports.ts';

type VerificationPorts = Pick<Ports, 'results' | 'checkpoints' | 'artifacts'>;

interface Verifying {
  owner: string;
  verifies?: string | null;
}

/** The bars that a run was made on. */
export async function datasetOf({ results, checkpoints }: VerificationPorts, owner: string, id: string): Promise<ArtifactRef> {
  const run = await wholeRun(results, owner, id);
  if (run.result.dataset !== undefined) return run.result.dataset;
  return (await checkpoints.read(run.checkpoint!)).dataset;
}

/** The result, compared with that of the run which it is to repeat, where there is one. */
export async function withVerification(
  ports: VerificationPorts,
  { owner, verifies = null }: Verifying,
  result: StoredResult,
): Promise<StoredResult> {
  if (verifies === null || result.partial) return result;
  const { result: before } = await wholeRun(ports.results, owner, verifies);
  return { ...result, verification: await compare(ports, verifies, { before, after: result }) };
}

async function wholeRun(results: Pick<ResultStore, 'get'>, owner: string, id: string): Promise<FullRunRow & { result: StoredResult }> {
  const run = await results.get(owner, id);
  if (run !== null && run.result !== null) return { ...run, result: run.result };
  throw new HoldfastError('not_found', `The run ${id} was deleted, so its result cannot be compared with any more.`);
}

interface Pair {
  before: StoredResult;
  after: StoredResult;
}

const FILES = ['curve', 'trades', 'orders', 'logs'] as const;
/** What a result follows from, beside the engine and the strategy. */
const CAUSES = ['specHash', 'datasetHash'] as const;
const VERSIONS = ['strategyHash', 'engineVersion'] as const;

async function compare({ artifacts }: VerificationPorts, run: string, pair: Pair): Promise<Verification> {
  const { before, after } = pair;
  const versions = VERSIONS.flatMap((what) => difference(what, before.manifest[what], after.manifest[what]));
  const files = FILES.flatMap((what) => difference(what, before[what].sha256, after[what].sha256));
  const lost = await Promise.all(FILES.map(async (what) => difference(what, await stateOf(artifacts, before[what]), before[what].sha256)));
  const others = [
    ...CAUSES.flatMap((what) => difference(what, before.manifest[what], after.manifest[what])),
    ...files,
    ...lost.flat(),
    ...metricDifferences(pair),
    ...difference('resultHash', before.manifest.resultHash, after.manifest.resultHash),
  ];
  const identical = others.length === 0;
  const outcome = versions.length > 0 ? 'engine_changed' : identical ? 'identical' : 'different';
  return { run, outcome, identical, differences: [...versions, ...others] };
}

/** The hash that its bytes have; or what is wrong with it. */
async function stateOf(artifacts: VerificationPorts['artifacts'], ref: ArtifactRef): Promise<string> {
  try {
    await artifacts.verify(ref);
    return ref.sha256;
  } catch (error) {
    if (error instanceof HoldfastError && error.code === 'artifact_damaged') return 'damaged';
    if (error instanceof HoldfastError && error.code === 'artifact_missing') return 'missing';
    throw error;
  }
}

function metricDifferences({ before, after }: Pair): Verification['differences'] {
  const names = Object.keys(after.metrics) as MetricName[];
  return names.flatMap((name) => difference(`metrics.${name}`, textOf(before.metrics[name]), textOf(after.metrics[name])));
}

function textOf(value: number | null | undefined): string {
  return String(value ?? null);
}

function difference(what: string, before: string, after: string): Verification['differences'] {
  return before === after ? [] : [{ what, before, after }];
}
