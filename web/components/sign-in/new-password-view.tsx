'use client';
import { useRouter } from 'next/navigation';
import { useState, type FormEvent } from 'react';
import { Field } from '@/components/field.tsx';
import { Link } from '@/components/link.tsx';
import { ProblemView } from '@/components/problem.tsx';
import { Skeleton } from '@/components/skeleton.tsx';
import { pages } from '@/lib/pages.ts';
import { askSupabase, session, startSession } from '@/lib/session.ts';
import { useStore } from '@/lib/store.ts';
import { say } from '@/lib/toasts.ts';

/** Where the link of a forgotten password leads: it has signed in already, for as long as it takes to choose a new one. */
export function NewPasswordView() {
  const now = useStore(session);
  const router = useRouter();
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get('password');
    try {
      await askSupabase((auth) => auth.updateUser({ password: typeof password === 'string' ? password : '' }));
      say({ kind: 'good', text: 'The new password counts from now on.' });
      router.replace(pages.runs);
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-4 p-4">
      <h1>New password</h1>
      {now.state === 'starting' && <Skeleton className="h-24 w-full" label="The link is being checked" />}
      {now.state === 'failed' && <ProblemView error={now.error} retry={() => void startSession()} />}
      {(now.state === 'out' || now.state === 'open') && (
        <p>
          This link is used up, too old, or was asked for in another browser.{' '}
          <Link className="link" href={pages.signIn}>
            Ask for a new one
          </Link>
        </p>
      )}
      {now.state === 'in' && (
        <form className="flex flex-col gap-3" onSubmit={(event) => void submit(event)}>
          <Field label="New password" hint="At least 8 characters">
            {(bound) => (
              <input {...bound} className="field" name="password" type="password" autoComplete="new-password" minLength={8} required />
            )}
          </Field>
          {error !== null && <ProblemView error={error} />}
          <button type="submit" className="button button-main">
            Set it
          </button>
        </form>
      )}
    </main>
  );
}
