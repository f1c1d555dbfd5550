import type { SweepSpec } from '../shared/sweep-spec.ts';
import type { Ports } from './ports.ts';

/** Tables of a family; each look at a trial may have to search all of them. */
const MOST = 16;
/** The smallest ones become one: each trial is written anew a few times, however many there are. */
const AT_ONCE = 12;

/** Keeps the tables of known trials few. Two workers may do it at once: then one of them does it for nothing. */
export async function mergeTables(
  { results, threads }: Pick<Ports, 'results' | 'threads'>,
  { owner, family, spec }: { owner: string; family: string; spec: SweepSpec },
): Promise<void> {
  const tables = await results.trialTables(owner, [family]);
  if (tables.length <= MOST) return;
  const smallest = tables
    .map(({ ref }) => ref)
    .sort((a, b) => a.rows - b.rows)
    .slice(0, AT_ONCE);
  const ref = await threads.run('mergeTrials', { owner, spec, refs: smallest });
  await results.mergeTrialTables({ owner, family, ref }, smallest);
}
