import type { OperatorPause } from '../orchestration/workflow-state.ts';
import type { Orchestrator } from './orchestrator.ts';

/** An answer of this age is asked for again, while the old one is still given. */
const REFRESH_MS = 1_000;
/** An older answer is not given any more: the next one is waited for. */
const FRESH_MS = 2_000;
/** No longer than this: Temporal must not slow down a look at a run. */
const WAIT_MS = 100;
/** Runs that are remembered. */
const KEPT = 1_000;

interface Known {
  askedAt: number;
  pause: OperatorPause | null;
  /** Resolves when the question under way is answered, or has failed. */
  asking: Promise<void>;
}

/**
 * Whether an operator has paused the running step of a run. Temporal is asked at most once a second for each run that is looked at, and
 * only the first look in a while waits for it; where it does not answer, no pause is known.
 */
export function watchOperatorPauses(orchestrator: Pick<Orchestrator, 'operatorPause' | 'available'>) {
  const known = new Map<string, Known>();

  function ask(runId: string): Known {
    const answer: Known = { askedAt: performance.now(), pause: known.get(runId)?.pause ?? null, asking: Promise.resolve() };
    answer.asking = orchestrator.operatorPause(runId).then(
      (pause) => void (answer.pause = pause),
      () => void (answer.pause = null),
    );
    known.delete(runId); // The order of insertion is the order of use.
    known.set(runId, answer);
    if (known.size > KEPT) known.delete(known.keys().next().value!);
    return answer;
  }

  return async (runId: string): Promise<OperatorPause | null> => {
    const last = known.get(runId);
    const age = last === undefined ? Infinity : performance.now() - last.askedAt;
    if (last !== undefined && age < REFRESH_MS) return last.pause;
    if (!(await orchestrator.available())) return null;
    const next = ask(runId);
    if (age > FRESH_MS) await atMost(WAIT_MS, next.asking);
    return next.pause;
  };
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const { promise: tooLate, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, tooLate]);
  clearTimeout(timer);
}
