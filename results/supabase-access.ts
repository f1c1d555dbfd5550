import { fromColumns, toColumns } from './columns.ts';
import type { Credential, CredentialStore } from './credentials.ts';
import type { OperatorStore } from './operators.ts';
import type { QuotaStore } from './quotas.ts';
import type { RunRow } from './runs.ts';
import type { Calls } from './supabase-calls.ts';
import { queryColumns } from './supabase-rows.ts';

/** What of a store is about who may do what, and how much. */
export function accessIntents({ call, callOnce }: Calls): CredentialStore & OperatorStore & QuotaStore {
  return {
    addCredential: (credential, most) => callOnce('add_credential', { credential: toColumns(credential), most }),
    useCredential: async (hash, at) => {
      // A ticket is used up by the first call, also where its answer is lost.
      const known = await callOnce<object | null>('use_credential', { hash, at });
      return known && fromColumns<Credential>(known);
    },
    listCredentials: async (owner, kind) => (await call<object[]>('list_credentials', { owner, kind })).map(fromColumns<Credential>),
    removeCredential: (owner, kind, id) => callOnce('remove_credential', { owner, kind, id }),
    block: async (block) => {
      await call('block', block);
    },
    unblock: (kind, name) => callOnce('unblock', { kind, name }),
    listBlocks: () => call('list_blocks'),
    listAll: async (query) => (await call<object[]>('list_runs', { owner: null, query: queryColumns(query) })).map(fromColumns<RunRow>),
    ownerOf: (id) => call('owner_of', { id }),
    notePlan: async (owner, plan) => {
      await call('note_plan', { owner, plan });
    },
    planOf: (owner) => call('plan_of', { owner }),
    usageOf: (owner, at) => call('usage_of', { owner, at }),
  };
}
