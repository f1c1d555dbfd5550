'use client';
import { useEffect, useState } from 'react';
import { connection } from '@/lib/event-stream.ts';
import { formatDuration } from '@/lib/format.ts';
import { useStore } from '@/lib/store.ts';
import { Icon } from './icon.tsx';

/** A blink of the network is nobody's business. */
const PATIENCE_MS = 2_000;

/** Says when what is shown may be old, and that nothing needs to be done. It lies over the page: nothing moves when it comes. */
export function ConnectionLine() {
  const now = useStore(connection);
  const [time, setTime] = useState(0);
  const isAway = now.state === 'away';
  useEffect(() => {
    if (!isAway) return undefined;
    const timer = setInterval(() => setTime(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isAway]);
  if (!isAway || time - now.since < PATIENCE_MS) return null;
  return (
    <div
      role="status"
      className="fixed inset-x-0 bottom-0 z-10 flex items-center justify-center gap-2 border-t border-warn bg-warn-soft px-4 py-1.5"
    >
      <Icon name="offline" className="text-warn" />
      No connection for {formatDuration(Math.floor((time - now.since) / 1_000))}. Runs go on; this page catches up by itself.
    </div>
  );
}
