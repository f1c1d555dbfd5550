import type { AuthError, SupabaseClient } from '@supabase/supabase-js';
import type { ServiceConfig } from '#shared/service-config.ts';
import { callApi, onTokenRefused, setTokenSource, UnreachableError } from './api.ts';
import { persistently } from './persistently.ts';
import { isAway, signInProblem } from './sign-in-problem.ts';
import { createStore } from './store.ts';

export type Session =
  | { state: 'starting' }
  /** Nobody needs to sign in. */
  | { state: 'open' }
  | { state: 'out'; by: 'token' | 'supabase'; reason: 'new' | 'left' | 'expired' }
  | { state: 'in'; by: 'token' | 'supabase'; user: string; name: string }
  | { state: 'failed'; error: unknown };

export const session = createStore<Session>({ state: 'starting' });

const TOKEN_KEY = 'holdfast-token';
let supabase: Promise<SupabaseClient> | undefined;

/** Asks the project; fails with what to tell whoever signs in, also where the service has none. Its client is loaded only where someone signs in. */
export async function askSupabase(ask: (auth: SupabaseClient['auth']) => Promise<{ error: AuthError | null }>): Promise<void> {
  if (supabase === undefined) throw new Error('This service has no sign-in by Supabase.');
  const { error } = await ask((await supabase).auth);
  if (error) throw signInProblem(error);
}

/** Finds out how to sign in, and whether someone has. */
export async function startSession(): Promise<void> {
  try {
    const config = await callApi<ServiceConfig>('/v1/config');
    if (config.signIn === 'none') session.set({ state: 'open' });
    else if (config.signIn === 'token') startWithToken();
    else await startWithSupabase(config);
  } catch (error) {
    session.set({ state: 'failed', error });
  }
}

/** Signs in with the operator's token, or one that was made for a program. Kept as long as the tab. */
export async function signInWithToken(token: string): Promise<void> {
  await callApi('/v1/me', { headers: { authorization: `Bearer ${token}` } });
  sessionStorage.setItem(TOKEN_KEY, token);
  startWithToken();
}

export async function signOut(): Promise<void> {
  const now = session.get();
  if (now.state !== 'in') return;
  if (now.by === 'token') {
    sessionStorage.removeItem(TOKEN_KEY);
    session.set({ state: 'out', by: 'token', reason: 'left' });
  } else {
    // First the state: the answer that the session has ended must not look as if it had expired.
    session.set({ state: 'out', by: 'supabase', reason: 'left' });
    // It has gone from this browser when the project cannot be told.
    await askSupabase((auth) => auth.signOut({ scope: 'local' })).catch(() => undefined);
  }
}

/** Whoever fills in a form must be able to go on after a new sign-in. */
onTokenRefused(() => session.set((now) => (now.state === 'in' ? { state: 'out', by: now.by, reason: 'expired' } : now)));

function startWithToken(): void {
  setTokenSource(() => Promise.resolve(sessionStorage.getItem(TOKEN_KEY)));
  const known = sessionStorage.getItem(TOKEN_KEY) !== null;
  session.set(
    known ? { state: 'in', by: 'token', user: 'token', name: 'Holder of the token' } : { state: 'out', by: 'token', reason: 'new' },
  );
}

async function startWithSupabase({ supabase: project }: ServiceConfig): Promise<void> {
  if (project === null) throw new Error('Sign-in is not set up: the service needs SUPABASE_PUBLISHABLE_KEY.');
  supabase = persistently(() => import('@supabase/supabase-js'))().then(({ createClient }) =>
    createClient(project.url, project.publishableKey, { auth: { flowType: 'pkce', detectSessionInUrl: true } }),
  );
  const client = await supabase;
  setTokenSource(async () => {
    // Renews a session that is about to expire.
    const { data, error } = await client.auth.getSession();
    if (error && isAway(error)) throw new UnreachableError(error);
    return data.session?.access_token ?? null;
  });
  let lastUser: string | null = null;
  client.auth.onAuthStateChange((event, found) => {
    session.set((now) => {
      if (found !== null) {
        // What this tab has fetched is another one's.
        if (lastUser !== null && lastUser !== found.user.id) location.reload();
        lastUser = found.user.id;
        // A token that was renewed is the same session.
        if (now.state === 'in' && now.user === found.user.id) return now;
        return { state: 'in', by: 'supabase', user: found.user.id, name: found.user.email ?? 'Signed in' };
      }
      if (now.state === 'out') return now;
      return { state: 'out', by: 'supabase', reason: now.state === 'in' && event === 'SIGNED_OUT' ? 'expired' : 'new' };
    });
  });
}
