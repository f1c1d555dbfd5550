'use client';
import { useState } from 'react';
import type { Token } from '#shared/credential.ts';
import { AskDialog } from '@/components/ask-dialog.tsx';
import { Confirm } from '@/components/dialog.tsx';
import { Field } from '@/components/field.tsx';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { SkeletonRows } from '@/components/skeleton.tsx';
import { callApi } from '@/lib/api.ts';
import { attempt } from '@/lib/attempt.ts';
import { formatDay, formatMoment } from '@/lib/format.ts';
import { useApi } from '@/lib/use-api.ts';
import { Secret } from './secret.tsx';

/** Tokens for the command line, notebooks and CI. */
export function Tokens() {
  const { data, error, mutate } = useApi<{ items: Token[] }>('/v1/tokens');
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<Token | null>(null);
  if (error) return <ProblemView error={error} retry={() => void mutate()} />;
  const make = async (given: FormData): Promise<void> => {
    const body = {
      name: given.get('name'),
      scopes: given.get('write') === null ? ['read'] : ['read', 'write'],
      expiresInDays: Number(given.get('days')),
    };
    const { secret } = await callApi<Token & { secret: string }>('/v1/tokens', { method: 'POST', body });
    setMade(secret);
    await mutate();
  };
  const button = (
    <button type="button" className="button button-main" onClick={() => setMaking(true)}>
      Make a token …
    </button>
  );
  return (
    <>
      {data === undefined ? (
        <SkeletonRows rows={4} label="The tokens are loading" />
      ) : data.items.length === 0 ? (
        <EmptyState title="No token yet" action={button}>
          A token lets a program act for you: the command line, a notebook, CI.
        </EmptyState>
      ) : (
        <>
          <div className="mb-2 flex justify-end">{button}</div>
          <ul aria-label="Tokens">
            {data.items.map((token) => (
              <li key={token.id} className="flex flex-wrap items-center justify-between gap-x-4 border-t border-line py-1.5">
                <span className="min-w-0">
                  <strong className="font-medium">{token.name}</strong> <code className="font-mono text-muted">{token.start}…</code>
                  <br />
                  <span className="text-muted">
                    may {token.scopes.join(' and ')}, until {formatDay(token.expiresAt)},{' '}
                    {token.lastUsedAt === null ? 'never used' : `last used ${formatMoment(token.lastUsedAt)}`}
                  </span>
                </span>
                <button type="button" className="button button-danger" onClick={() => setRevoking(token)}>
                  Revoke …
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {making && <TokenDialog send={make} onClose={() => setMaking(false)} />}
      {made !== null && (
        <Secret title="Your new token" secret={made} onClose={() => setMade(null)}>
          Copy it now: it is shown this once. Whoever has it acts as you; treat it like a password.
        </Secret>
      )}
      {revoking && (
        <Confirm
          title={`Revoke ${revoking.name}?`}
          action="Revoke it"
          danger
          onConfirm={() =>
            attempt(
              () => callApi(`/v1/tokens/${revoking.id}`, { method: 'DELETE' }),
              () => void mutate(),
            )
          }
          onClose={() => setRevoking(null)}
        >
          <p>Programs that use it are refused from now on. Runs that they have submitted go on.</p>
        </Confirm>
      )}
    </>
  );
}

function TokenDialog({ send, onClose }: { send: (given: FormData) => Promise<void>; onClose: () => void }) {
  return (
    <AskDialog title="Make a token" action="Make it" send={send} onClose={onClose}>
      <Field label="What it is for">{(bound) => <input {...bound} className="field" name="name" maxLength={100} required />}</Field>
      <label className="flex items-center gap-2">
        <input type="checkbox" name="write" /> It may also submit and steer, not only read
      </label>
      <Field label="Days that it lasts" hint="366 at most">
        {(bound) => <input {...bound} className="field" name="days" type="number" min={1} max={366} defaultValue={90} required />}
      </Field>
    </AskDialog>
  );
}
