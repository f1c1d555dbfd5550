'use client';
import { useRouter, useSearchParams } from 'next/navigation';
import { Suspense, useEffect, useState, type ReactNode } from 'react';
import { ProblemView } from '@/components/problem.tsx';
import { SignInForm } from '@/components/sign-in-form.tsx';
import { Skeleton } from '@/components/skeleton.tsx';
import { pages } from '@/lib/pages.ts';
import { session, startSession } from '@/lib/session.ts';
import { useStore } from '@/lib/store.ts';
import { MailForm } from './mail-form.tsx';

/** Sign-in, sign-up and a forgotten password; leads back to where someone came from. */
export function SignInView() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-4 p-4">
      <h1>Holdfast</h1>
      <Suspense>
        <Ways />
      </Suspense>
    </main>
  );
}

type Way = 'in' | 'up' | 'reset';

function Ways() {
  const now = useStore(session);
  const router = useRouter();
  const query = useSearchParams();
  const to = pathWithin(query.get('to'));
  const [way, setWay] = useState<Way>('in');
  const isIn = now.state === 'in' || now.state === 'open';
  useEffect(() => {
    if (isIn) router.replace(to);
  }, [isIn, router, to]);
  if (now.state === 'failed') return <ProblemView error={now.error} retry={() => void startSession()} />;
  if (now.state !== 'out') return <Skeleton className="h-40 w-full" label="The sign-in is loading" />;
  if (now.by === 'token') return <SignInForm by="token" />;
  if (way === 'up')
    return (
      <>
        <MailForm kind="up" />
        <Other onClick={() => setWay('in')}>Sign in instead</Other>
      </>
    );
  if (way === 'reset')
    return (
      <>
        <MailForm kind="reset" />
        <Other onClick={() => setWay('in')}>Sign in instead</Other>
      </>
    );
  return (
    <>
      <p className="text-muted empty:hidden" role="status">
        {now.reason === 'left' && 'You have signed out.'}
        {now.reason === 'new' && wordsOfLink(query)}
      </p>
      <SignInForm by="supabase" />
      <div className="flex justify-between">
        <Other onClick={() => setWay('up')}>Sign up</Other>
        <Other onClick={() => setWay('reset')}>Forgot the password?</Other>
      </div>
    </>
  );
}

function Other({ children, onClick }: { children: ReactNode; onClick: () => void }) {
  return (
    <button type="button" className="link self-start py-1" onClick={onClick}>
      {children}
    </button>
  );
}

/** What came of a mailed link that did not sign in: a code that is still there was asked for in another browser, and has confirmed the address nevertheless. */
function wordsOfLink(query: URLSearchParams): string {
  if (query.has('error_code')) return 'The link is used up or too old. Sign in, or sign up again to get another one.';
  return query.has('code') ? 'Your address is confirmed. Sign in to begin.' : '';
}

/** Where to go afterwards: only within this page, whatever a link says. */
function pathWithin(to: string | null): string {
  return to !== null && /^\/(?!\/|\\)/.test(to) ? to : pages.runs;
}
