import type { LedgerPage, TrialLedger } from './ledger.ts';
import { symbolsColumn, toLedgerSums, type LedgerRow } from './ledger-sums.ts';
import type { Call } from './supabase-calls.ts';

/** What of a store is about how much was tried. */
export function ledgerIntents(call: Call): TrialLedger {
  const columns = (page: LedgerPage) => ({ ...page, symbols: symbolsColumn(page) });
  return {
    countTrials: async (page, trials) => {
      await call('count_trials', { page: columns(page), trials });
    },
    ledgerOf: async (page) => toLedgerSums(await call<LedgerRow | null>('ledger_of', { page: columns(page) })),
  };
}
