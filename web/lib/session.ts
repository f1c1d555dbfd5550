import type { SupabaseClient } from '@supabase/supabase-js';
import type { ServiceConfig } from '#shared/service-config.ts';
import { callApi, setTokenSource } from './api.ts';
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

/** The client of the project; fails where the service has none. Loaded only where someone signs in. */
export async function supabaseClient(): Promise<SupabaseClient> {
  if (supabase === undefined) throw new Error('This service has no sign-in by Supabase.');
  return supabase;
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
    await (await supabaseClient()).auth.signOut({ scope: 'local' });
  }
}

/** To be called where the API refused the token: whoever fills in a form must be able to go on after a new sign-in. */
export function noteExpired(): void {
  session.set((now) => (now.state === 'in' ? { state: 'out', by: now.by, reason: 'expired' } : now));
}

function startWithToken(): void {
  setTokenSource(() => Promise.resolve(sessionStorage.getItem(TOKEN_KEY)));
  const known = sessionStorage.getItem(TOKEN_KEY) !== null;
  session.set(
    known ? { state: 'in', by: 'token', user: 'token', name: 'Holder of the token' } : { state: 'out', by: 'token', reason: 'new' },
  );
}

async function startWithSupabase({ supabase: project }: ServiceConfig): Promise<void> {
  if (project === null) throw new Error('Sign-in is not set up: the service needs SUPABASE_PUBLISHABLE_KEY.');
  supabase = import('@supabase/supabase-js').then(({ createClient }) =>
    createClient(project.url, project.publishableKey, { auth: { flowType: 'pkce', detectSessionInUrl: true } }),
  );
  const client = await supabase;
  // Renews a session that is about to expire.
  setTokenSource(async () => (await client.auth.getSession()).data.session?.access_token ?? null);
  client.auth.onAuthStateChange((event, found) => {
    session.set((now) => {
      if (found !== null) {
        // A token that was renewed is the same session.
        if (now.state === 'in' && now.user === found.user.id) return now;
        return { state: 'in', by: 'supabase', user: found.user.id, name: found.user.email ?? 'Signed in' };
      }
      if (now.state === 'out') return now;
      return { state: 'out', by: 'supabase', reason: now.state === 'in' && event === 'SIGNED_OUT' ? 'expired' : 'new' };
    });
  });
}
