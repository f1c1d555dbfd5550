'use client';
import { usePathname } from 'next/navigation';
import { useEffect, type ReactNode } from 'react';
import { SWRConfig } from 'swr';
import { noteEvent } from '@/lib/live.ts';
import { session, startSession } from '@/lib/session.ts';
import { shareEvents } from '@/lib/shared-stream.ts';
import { useStore } from '@/lib/store.ts';
import { STARTED } from '@/lib/start-script.ts';
import { followTheme } from '@/lib/theme.ts';
import { SWR_SETTINGS } from '@/lib/use-api.ts';
import { EndToasts } from './end-toasts.tsx';
import { Gate } from './gate.tsx';
import { Shell } from './shell.tsx';
import { Toasts } from './toasts.tsx';

/** Pages that have no navigation, and that nobody needs to sign in for. */
const ALONE = ['/sign-in/', '/shared/'];

/** What every page lives in: who is signed in, one event stream, the theme. */
export function Providers({ children }: { children: ReactNode }) {
  const path = usePathname();
  const now = useStore(session);
  const isAlone = ALONE.some((start) => path.startsWith(start));
  // A page that is alone shows nothing of an owner's runs.
  const who = isAlone ? null : now.state === 'in' ? now.user : now.state === 'open' ? 'open' : null;
  useEffect(followTheme, []);
  useEffect(() => {
    Object.assign(window, { [STARTED]: true });
    void startSession();
  }, []);
  useEffect(() => {
    if (who === null) return undefined;
    const stop = new AbortController();
    shareEvents(who, noteEvent, stop.signal);
    return () => stop.abort();
  }, [who]);
  return (
    <SWRConfig value={SWR_SETTINGS}>
      {isAlone ? (
        children
      ) : (
        <Shell>
          <Gate>{children}</Gate>
          <EndToasts />
        </Shell>
      )}
      <Toasts />
    </SWRConfig>
  );
}
