import type { ReactNode } from 'react';
import { RefusedError, UnreachableError } from '@/lib/api.ts';
import { Icon } from './icon.tsx';

/** What went wrong and what to do, with every fault that the service named. */
export function ProblemView({ error, retry }: { error: unknown; retry?: () => void }) {
  const { title, detail, faults } = described(error);
  return (
    <div role="alert" className="flex gap-2 rounded-md border border-loss bg-loss-soft p-3">
      <Icon name="failed" className="mt-0.5 text-loss" />
      <div className="min-w-0 flex-1 space-y-1">
        <p className="font-semibold">{title}</p>
        <p className="break-words">{detail}</p>
        {faults.length > 0 && (
          <ul className="list-disc space-y-0.5 pl-4">
            {faults.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                {path !== '' && <code className="mr-1 font-mono">{path}</code>}
                {message}
              </li>
            ))}
          </ul>
        )}
        {retry && (
          <button type="button" className="button mt-1" onClick={retry}>
            Try again
          </button>
        )}
      </div>
    </div>
  );
}

function described(error: unknown): { title: string; detail: string; faults: readonly { path: string; message: string }[] } {
  if (error instanceof RefusedError) return { title: error.problem.title, detail: error.problem.detail, faults: error.problem.errors };
  if (error instanceof UnreachableError) return { title: 'No connection', detail: error.message, faults: [] };
  return { title: 'Something went wrong', detail: error instanceof Error ? error.message : String(error), faults: [] };
}

/** One line for a toast. */
export function messageOf(error: unknown): string {
  const { title, detail } = described(error);
  return `${title}. ${detail}`;
}

/** Where there is nothing yet: what this is, and how to begin. */
export function EmptyState({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-prose flex-col items-center gap-3 px-4 py-16 text-center">
      <h2>{title}</h2>
      <div className="text-muted">{children}</div>
      {action}
    </div>
  );
}
