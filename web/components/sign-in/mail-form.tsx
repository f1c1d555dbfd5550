'use client';
import { useState, type FormEvent } from 'react';
import { Field } from '@/components/field.tsx';
import { ProblemView } from '@/components/problem.tsx';
import { pages } from '@/lib/pages.ts';
import { askSupabase } from '@/lib/session.ts';

const WORDS = {
  up: { button: 'Sign up', sent: 'Look into your mail: the link in it confirms your address. You can close this page.' },
  reset: { button: 'Send a link', sent: 'If there is an account of this address, a link to a new password is on its way.' },
} as const;

/** What Supabase answers by a mail: a new account, or a way to a new password. */
export function MailForm({ kind }: { kind: keyof typeof WORDS }) {
  const [state, setState] = useState<{ step: 'form' | 'busy' | 'sent'; error: unknown }>({ step: 'form', error: null });
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const [email, password] = [given.get('email'), given.get('password')];
    if (typeof email !== 'string') return;
    setState({ step: 'busy', error: null });
    try {
      await askSupabase((auth) =>
        kind === 'reset'
          ? auth.resetPasswordForEmail(email.trim(), { redirectTo: `${location.origin}${pages.newPassword}` })
          : auth.signUp({
              email: email.trim(),
              password: typeof password === 'string' ? password : '',
              options: { emailRedirectTo: `${location.origin}${pages.signIn}` },
            }),
      );
      setState({ step: 'sent', error: null });
    } catch (error) {
      setState({ step: 'form', error });
    }
  };
  if (state.step === 'sent') return <p role="status">{WORDS[kind].sent}</p>;
  return (
    <form className="flex flex-col gap-3" onSubmit={(event) => void submit(event)}>
      <Field label="E-mail">
        {(bound) => <input {...bound} className="field" name="email" type="email" autoComplete="email" required />}
      </Field>
      {kind === 'up' && (
        <Field label="Password" hint="At least 8 characters">
          {(bound) => (
            <input {...bound} className="field" name="password" type="password" autoComplete="new-password" minLength={8} required />
          )}
        </Field>
      )}
      {state.error !== null && <ProblemView error={state.error} />}
      <button type="submit" className="button button-main" disabled={state.step === 'busy'}>
        {WORDS[kind].button}
      </button>
    </form>
  );
}
