import { useEffect, useState } from 'react';
import { faultsOf, type Fault } from '@/components/spec/faults.ts';
import type { Draft } from '@/components/spec/use-draft.ts';
import { callApi, RefusedError } from '@/lib/api.ts';

/** What the service says a sweep would cost. */
interface Quote {
  trials: number;
  bars: number;
  memoryBytes: number;
  streamed: boolean;
  seconds: number;
  bytesScanned: number;
  cost: number;
}
export interface Estimate {
  quote: Quote | null;
  faults: readonly Fault[];
  /** What is not about a fault of the spec: no connection, no sign-in. */
  error: unknown;
  /** Whether an answer for what is written now is still to come. */
  pending: boolean;
}

/** Whoever types is not asked about every letter. */
const PAUSE_MS = 350;

/** Asks what the spec as it is would cost, and what is wrong with it. */
export function useEstimate({ value, broken }: Draft): Estimate {
  const [answer, setAnswer] = useState<{ of: unknown; quote: Quote | null; faults: readonly Fault[]; error: unknown }>({
    of: null,
    quote: null,
    faults: [],
    error: null,
  });
  useEffect(() => {
    if (broken !== null) return undefined;
    const gone = new AbortController();
    const timer = setTimeout(() => {
      callApi<Quote>('/v1/sweeps/estimate', { method: 'POST', body: value, signal: gone.signal }).then(
        (quote) => setAnswer({ of: value, quote, faults: [], error: null }),
        (error: unknown) => {
          if (gone.signal.aborted) return;
          const isFault = error instanceof RefusedError && error.problem.errors.length > 0;
          setAnswer({ of: value, quote: null, faults: faultsOf(error), error: isFault ? null : error });
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [value, broken]);
  const { of, ...known } = answer;
  return { ...known, pending: of !== value };
}
