import type { FullRunRow } from '../results/runs.ts';
import type { ResultStore } from '../results/store.ts';
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

/** The bars that a run was made on, as they are stored: a copy in memory would not show that the file was altered. */
export async function datasetOf({ results, checkpoints, artifacts }: VerificationPorts, owner: string, id: string): Promise<ArtifactRef> {
  const { result, checkpoint } = await wholeRun(results, owner, id);
  const dataset = result.dataset ?? (await checkpoints.read(checkpoint!)).dataset;
  await artifacts.verify(dataset);
  return dataset;
}

/** Files of the run to be repeated that cannot be read any more, with what is wrong with them. */
export type LostFiles = Readonly<Partial<Record<(typeof FILES)[number], 'damaged' | 'missing'>>>;

/**
 * Looks through the files of the run that is to be repeated, where there is one. To be done before the same bytes are stored again: a damaged file is
 * put aside, and takes its place anew.
 */
export async function findLostFiles({ results, artifacts }: VerificationPorts, { owner, verifies = null }: Verifying): Promise<LostFiles> {
  if (verifies === null) return {};
  const { result } = await wholeRun(results, owner, verifies);
  const states = await Promise.all(FILES.map(async (name) => [name, await faultOf(artifacts, result[name])] as const));
  return Object.fromEntries(states.filter(([, fault]) => fault !== null));
}

/** The result, compared with that of the run which it is to repeat, where there is one. */
export async function withVerification(
  { results }: VerificationPorts,
  { owner, verifies = null, lost }: Verifying & { lost: LostFiles },
  result: StoredResult,
): Promise<StoredResult> {
  if (verifies === null || result.partial) return result;
  const { result: before } = await wholeRun(results, owner, verifies);
  return { ...result, verification: compare(verifies, { before, after: result, lost }) };
}

async function wholeRun(results: Pick<ResultStore, 'get'>, owner: string, id: string): Promise<FullRunRow & { result: StoredResult }> {
  const run = await results.get(owner, id);
  if (run !== null && run.result !== null) return { ...run, result: run.result };
  throw new HoldfastError('not_found', `The run ${id} was deleted, so its result cannot be compared with any more.`);
}

interface Pair {
  before: StoredResult;
  after: StoredResult;
  lost: LostFiles;
}

const FILES = ['curve', 'trades', 'orders', 'logs'] as const;
/** What a result follows from, beside the engine and the strategy. */
const CAUSES = ['specHash', 'datasetHash'] as const;
const VERSIONS = ['strategyHash', 'engineVersion'] as const;

function compare(run: string, pair: Pair): Verification {
  const { before, after, lost } = pair;
  const versions = VERSIONS.flatMap((what) => difference(what, before.manifest[what], after.manifest[what]));
  const others = [
    ...CAUSES.flatMap((what) => difference(what, before.manifest[what], after.manifest[what])),
    ...FILES.flatMap((what) => difference(what, lost[what] ?? before[what].sha256, after[what].sha256)),
    ...metricDifferences(pair),
    ...difference('resultHash', before.manifest.resultHash, after.manifest.resultHash),
  ];
  const identical = others.length === 0;
  const outcome = versions.length > 0 ? 'engine_changed' : identical ? 'identical' : 'different';
  return { run, outcome, identical, differences: [...versions, ...others] };
}

async function faultOf(artifacts: VerificationPorts['artifacts'], ref: ArtifactRef): Promise<'damaged' | 'missing' | null> {
  try {
    await artifacts.verify(ref);
    return null;
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
