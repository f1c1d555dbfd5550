import { useEffect, useState } from 'react';
import type { RuleFault } from '#shared/rules.ts';
import { RefusedError, callApi } from '@/lib/api.ts';
import type { Draft } from './draft.ts';

interface Estimate {
  bars: number;
  memoryBytes: number;
  streamed: boolean;
  seconds: number;
  bytesScanned: number;
  cost: number;
}
export interface Judgement {
  estimate: Estimate | null;
  faults: readonly RuleFault[];
  error: unknown;
  /** Whether it is about the draft as it is. */
  current: boolean;
}

const TYPING_MS = 350;
const NONE: Judgement = { estimate: null, faults: [], error: null, current: false };

/** What the service says of a draft: what it would cost, or every fault of it. */
export function useEstimate(draft: Draft): Judgement {
  const text = JSON.stringify(draft);
  const [judged, setJudged] = useState<{ text: string; judgement: Judgement } | null>(null);
  useEffect(() => {
    const given = new AbortController();
    const timer = setTimeout(() => {
      const answer = callApi<Estimate>('/v1/backtests/estimate', { method: 'POST', body: JSON.parse(text), signal: given.signal });
      answer.then(
        (estimate) => setJudged({ text, judgement: { estimate, faults: [], error: null, current: true } }),
        (error: unknown) => {
          if (given.signal.aborted) return;
          const faults = error instanceof RefusedError ? error.problem.errors : [];
          setJudged({ text, judgement: { estimate: null, faults, error, current: true } });
        },
      );
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      given.abort();
    };
  }, [text]);
  if (judged === null) return NONE;
  return { ...judged.judgement, current: judged.text === text };
}
