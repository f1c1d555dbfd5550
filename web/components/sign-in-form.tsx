'use client';
import { useState, type FormEvent } from 'react';
import { askSupabase, signInWithToken } from '@/lib/session.ts';
import { Field } from './field.tsx';
import { ProblemView } from './problem.tsx';

/** Signs in by e-mail and password, or by the token of a service for one owner. The session tells the rest of the page. */
export function SignInForm({ by, onDone }: { by: 'token' | 'supabase'; onDone?: () => void }) {
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const text = (name: string): string => {
      const value = given.get(name);
      return typeof value === 'string' ? value : '';
    };
    setBusy(true);
    setError(null);
    try {
      if (by === 'token') await signInWithToken(text('token').trim());
      else await askSupabase((auth) => auth.signInWithPassword({ email: text('email').trim(), password: text('password') }));
      onDone?.();
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={(event) => void submit(event)}>
      {by === 'token' ? (
        <Field label="Token" hint="API_TOKEN of the service, or a token made on the account page">
          {(bound) => <input {...bound} className="field" name="token" type="password" autoComplete="off" required />}
        </Field>
      ) : (
        <>
          <Field label="E-mail">
            {(bound) => <input {...bound} className="field" name="email" type="email" autoComplete="email" required />}
          </Field>
          <Field label="Password">
            {(bound) => <input {...bound} className="field" name="password" type="password" autoComplete="current-password" required />}
          </Field>
        </>
      )}
      {error !== null && <ProblemView error={error} />}
      <button type="submit" className="button button-main" disabled={busy}>
        {busy ? 'Signing in …' : 'Sign in'}
      </button>
    </form>
  );
}
