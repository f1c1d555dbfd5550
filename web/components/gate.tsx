'use client';
import { useRouter, usePathname } from 'next/navigation';
import { useEffect, type ReactNode } from 'react';
import { pages } from '@/lib/pages.ts';
import { session, startSession } from '@/lib/session.ts';
import { useStore } from '@/lib/store.ts';
import { ProblemView } from './problem.tsx';
import { SkeletonRows } from './skeleton.tsx';
import { SignInAgain } from './sign-in-again.tsx';

/** Shows a page to those who may see it; leads others to the sign-in. Whoever was there already keeps the page, with what they have written, below the question. */
export function Gate({ children }: { children: ReactNode }) {
  const now = useStore(session);
  const router = useRouter();
  const path = usePathname();
  const mustSignIn = now.state === 'out' && now.reason !== 'expired';
  useEffect(() => {
    if (mustSignIn) router.replace(`${pages.signIn}?to=${encodeURIComponent(path + location.search)}`);
  }, [mustSignIn, router, path]);

  if (now.state === 'failed')
    return (
      <div className="p-4">
        <ProblemView error={now.error} retry={() => void startSession()} />
      </div>
    );
  if (now.state === 'in' || now.state === 'open') return children;
  if (now.state === 'out' && now.reason === 'expired')
    return (
      <>
        {children}
        <SignInAgain by={now.by} />
      </>
    );
  return (
    <div className="p-4">
      <SkeletonRows label="The page is loading" />
    </div>
  );
}
