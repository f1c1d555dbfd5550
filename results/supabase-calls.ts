import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { HoldfastError } from '../shared/errors.ts';
import { isPassing, toStoreError, type Failure } from './supabase-errors.ts';

/** A call that has no answer by then has failed; whether it was done is then unknown. */
const ANSWER_MS = 10_000;
/** More than the project has connections for would wait there, and their time would run out before their turn comes. */
const AT_ONCE = 32;
/** Before a call is repeated: the first finds the pool's next connection, the last a database that has just started again. */
const PAUSES_MS = [50, 250, 1_000];

/** Calls the SQL function of an intent: one transaction, see supabase/migrations. */
export type Call = <Value>(intent: string, input?: object) => Promise<Value>;

export interface Calls {
  /** For intents that may be done twice: repeated a few times where the connection was lost on the way. */
  call: Call;
  /** For intents that would answer something else the second time. */
  callOnce: Call;
  close: () => void;
}

/** The library is loaded by whoever has a project. */
async function connect(url: string, secretKey: string) {
  const { createClient } = await import('@supabase/supabase-js');
  return createClient(url, secretKey, { auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false } });
}

export function createCalls({ url, secretKey }: { url: string; secretKey: string }): Calls {
  let connecting: ReturnType<typeof connect> | undefined;
  const inTurn = pLimit(AT_ONCE);
  let isClosed = false;

  async function attempt<Value>(intent: string, input: object): Promise<{ value: Value } | { failure: Failure; isLate: boolean }> {
    if (isClosed) throw new HoldfastError('store_unavailable', 'The row store does not answer: it was closed. Start the service again.');
    const client = await (connecting ??= connect(url, secretKey));
    const timeout = AbortSignal.timeout(ANSWER_MS);
    const { data, error, status } = await client.rpc(intent, input).abortSignal(timeout);
    if (!error) return { value: data as Value };
    return { failure: { status, code: error.code ?? '', message: error.message ?? '' }, isLate: timeout.aborted };
  }

  async function repeated<Value>(intent: string, input: object, pauses: readonly number[]): Promise<Value> {
    const outcome = await inTurn(() => attempt<Value>(intent, input));
    if ('value' in outcome) return outcome.value;
    const { failure, isLate } = outcome;
    const [pause, ...later] = pauses;
    if (pause === undefined || isLate || !isPassing(failure)) throw toStoreError(intent, failure);
    await delay(pause);
    return repeated(intent, input, later);
  }

  return {
    call: (intent, input = {}) => repeated(intent, input, PAUSES_MS),
    callOnce: (intent, input = {}) => repeated(intent, input, []),
    close: () => {
      isClosed = true;
    },
  };
}
