'use client';
import { useStore } from '@/lib/store.ts';
import { closeToast, toasts } from '@/lib/toasts.ts';
import { Icon } from './icon.tsx';
import { Link } from './link.tsx';

const LOOKS = {
  good: { icon: 'completed', colour: 'text-gain' },
  bad: { icon: 'failed', colour: 'text-loss' },
  plain: { icon: 'info', colour: 'text-muted' },
} as const;

/** What was said in the corner; read out where there is a screen reader. */
export function Toasts() {
  const shown = useStore(toasts);
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed right-3 bottom-3 z-20 flex w-80 max-w-[calc(100vw-24px)] flex-col gap-2"
    >
      {shown.map(({ id, kind, text, link }) => (
        <div key={id} className="pointer-events-auto flex items-start gap-2 rounded-md border border-edge bg-ground p-2.5 shadow-lg">
          <Icon name={LOOKS[kind].icon} className={`mt-0.5 ${LOOKS[kind].colour}`} />
          <p className="min-w-0 flex-1 break-words">
            {text}{' '}
            {link && (
              <Link className="link" href={link.href}>
                {link.text}
              </Link>
            )}
          </p>
          <button type="button" aria-label="Close" className="text-muted" onClick={() => closeToast(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
