import { fromColumns, toColumns } from './columns.ts';
import type { OverQuota } from './quotas.ts';
import type { FullRunRow } from './runs.ts';
import type { Calls } from './supabase-calls.ts';
import type { Extended, SweepStore, TrialShard, TrialTable } from './sweeps.ts';

type ExtendedJson = { outcome: 'extended' | 'refused'; sweep: object } | { outcome: 'key_reused' | 'unknown' } | OverQuota;

/** What of a store is about sweeps. */
export function sweepIntents({ call, callOnce }: Calls): SweepStore {
  return {
    extendSweep: async ({ limits = {}, ...extension }): Promise<Extended> => {
      // Without a key a repeated one would be refused.
      const ask = extension.idempotency === null ? callOnce : call;
      const extended = await ask<ExtendedJson>('extend_sweep', { ...extension, limits });
      return 'sweep' in extended ? { outcome: extended.outcome, sweep: fromColumns<FullRunRow<'sweep'>>(extended.sweep) } : extended;
    },
    lookAtSweep: async (id) => {
      const found = await call<{ sweep: object; running: number } | null>('look_at_sweep', { id });
      return found && { sweep: fromColumns<FullRunRow<'sweep'>>(found.sweep), running: found.running };
    },
    storeShard: (shard, table) => callOnce('store_shard', { shard: toColumns(shard), table_ref: table }),
    shardsOf: async ({ sweepId, family }, from, limit) =>
      (await call<object[]>('shards_of', { sweep_id: sweepId, family, from_trial: from, at_most: limit })).map(fromColumns<TrialShard>),
    familyOf: (sweepId) => call('family_of', { sweep_id: sweepId }),
    trialTables: (owner, families) => call<TrialTable[]>('trial_tables', { owner, families }),
    mergeTrialTables: (into, merged) => callOnce('merge_trial_tables', { ...into, uris: merged.map(({ uri }) => uri) }),
  };
}
