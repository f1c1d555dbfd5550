import { useEffect, useState } from 'react';
import { callApi } from '@/lib/api.ts';
import { connection } from '@/lib/event-stream.ts';
import { session } from '@/lib/session.ts';
import { useStore } from '@/lib/store.ts';
import { faultsOf, type Fault } from './faults.ts';

/** What the service says of every kind of work; the money is in USD. */
interface Cost {
  bars: number;
  memoryBytes: number;
  streamed: boolean;
  seconds: number;
  bytesScanned: number;
  cost: number;
}
export interface Estimate<Of = unknown> {
  quote: (Cost & Of) | null;
  faults: readonly Fault[];
  /** Why there is no quote. */
  error: unknown;
  /** Whether an answer for what is written now is still to come. */
  pending: boolean;
}

/** Whoever types is not asked about every letter. */
const PAUSE_MS = 350;

/** Asks at a path of the API what a spec as it is would cost, and what is wrong with it. Nothing is asked of null: the last answer stays. */
export function useEstimate<Of = unknown>(path: string, spec: object | null): Estimate<Of> {
  const text = spec === null ? null : JSON.stringify(spec);
  const [answer, setAnswer] = useState<Omit<Estimate<Of>, 'pending'> & { of: string | null }>({
    of: null,
    quote: null,
    faults: [],
    error: null,
  });
  // What failed for want of a session or a connection is asked again when there is one.
  const circumstances = `${useStore(session).state} ${useStore(connection).state}`;
  const failedIn = answer.error === null || answer.faults.length > 0 ? '' : circumstances;
  useEffect(() => {
    if (text === null) return undefined;
    const gone = new AbortController();
    const timer = setTimeout(() => {
      callApi<Cost & Of>(path, { method: 'POST', body: JSON.parse(text), signal: gone.signal }).then(
        (quote) => setAnswer({ of: text, quote, faults: [], error: null }),
        (error: unknown) => {
          if (!gone.signal.aborted) setAnswer({ of: text, quote: null, faults: faultsOf(error), error });
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [path, text, failedIn]);
  const { of, ...known } = answer;
  return { ...known, pending: of !== text };
}
