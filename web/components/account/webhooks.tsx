'use client';
import { useState } from 'react';
import { TERMINAL_STATUSES } from '#shared/names.ts';
import type { Webhook } from '#shared/webhook.ts';
import { AskDialog } from '@/components/ask-dialog.tsx';
import { Confirm } from '@/components/dialog.tsx';
import { Field } from '@/components/field.tsx';
import { Icon } from '@/components/icon.tsx';
import { Menu } from '@/components/menu.tsx';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { SkeletonRows } from '@/components/skeleton.tsx';
import { STATUS_WORDS } from '@/components/status.tsx';
import { callApi } from '@/lib/api.ts';
import { attempt } from '@/lib/attempt.ts';
import { useApi } from '@/lib/use-api.ts';
import { Deliveries } from './deliveries.tsx';
import { Secret } from './secret.tsx';

/** Addresses that hear of the end of runs. */
export function Webhooks() {
  const { data, error, mutate } = useApi<{ items: Webhook[] }>('/v1/webhooks');
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  if (error) return <ProblemView error={error} retry={() => void mutate()} />;
  const make = async (given: FormData): Promise<void> => {
    const body = { url: given.get('url'), statuses: given.getAll('status') };
    setSecret((await callApi<{ secret: string }>('/v1/webhooks', { method: 'POST', body })).secret);
    await mutate();
  };
  const button = (
    <button type="button" className="button button-main" onClick={() => setMaking(true)}>
      Add a webhook …
    </button>
  );
  return (
    <>
      {data === undefined ? (
        <SkeletonRows rows={4} label="The webhooks are loading" />
      ) : data.items.length === 0 ? (
        <EmptyState title="No webhook yet" action={button}>
          A webhook tells an address of yours when a run or batch has ended, by a signed POST.
        </EmptyState>
      ) : (
        <>
          <div className="mb-2 flex justify-end">{button}</div>
          <ul aria-label="Webhooks" className="space-y-4">
            {data.items.map((webhook) => (
              <OneWebhook key={webhook.id} webhook={webhook} refresh={() => void mutate()} onSecret={setSecret} />
            ))}
          </ul>
        </>
      )}
      {making && <WebhookDialog send={make} onClose={() => setMaking(false)} />}
      {secret !== null && (
        <Secret title="The secret of its signatures" secret={secret} onClose={() => setSecret(null)}>
          Copy it now: it is shown this once. Check the signature of each message with it (standardwebhooks.com).
        </Secret>
      )}
    </>
  );
}

interface OneProps {
  webhook: Webhook;
  refresh: () => void;
  onSecret: (secret: string) => void;
}

function OneWebhook({ webhook: { id, url, statuses, disabled }, refresh, onSecret }: OneProps) {
  const [removing, setRemoving] = useState(false);
  const post = (what: string): Promise<{ secret: string }> => callApi(`/v1/webhooks/${id}/${what}`, { method: 'POST' });
  return (
    <li className="border-t border-line pt-2">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <p className="font-medium break-all">{url}</p>
          <p className="text-muted">hears of: {statuses.map((status) => STATUS_WORDS[status].toLowerCase()).join(', ')}</p>
          {disabled && <p className="text-loss">Nothing is sent there any more: {disabled.reason}</p>}
        </div>
        <span className="flex gap-2">
          {disabled && (
            <button
              type="button"
              className="button"
              onClick={() => attempt(() => callApi(`/v1/webhooks/${id}`, { method: 'PATCH', body: { enabled: true } }), refresh)}
            >
              Enable
            </button>
          )}
          <Menu
            label={`More of ${url}`}
            items={[
              { text: 'Send a test', onSelect: () => attempt(() => post('test'), refresh) },
              { text: 'Take a new secret', onSelect: () => attempt(async () => onSecret((await post('rotate')).secret)) },
              { text: 'Remove …', onSelect: () => setRemoving(true), danger: true },
            ]}
          >
            <Icon name="more" />
          </Menu>
        </span>
      </div>
      <Deliveries webhook={id} />
      {removing && (
        <Confirm
          title="Remove the webhook?"
          action="Remove it"
          danger
          onConfirm={() => attempt(() => callApi(`/v1/webhooks/${id}`, { method: 'DELETE' }), refresh)}
          onClose={() => setRemoving(false)}
        >
          <p>Nothing is sent there any more, and its list of messages goes with it.</p>
        </Confirm>
      )}
    </li>
  );
}

function WebhookDialog({ send, onClose }: { send: (given: FormData) => Promise<void>; onClose: () => void }) {
  return (
    <AskDialog title="Add a webhook" action="Add it" send={send} onClose={onClose}>
      <Field label="Address" hint="Must be reached from the public internet">
        {(bound) => <input {...bound} className="field" name="url" type="url" placeholder="https://" required />}
      </Field>
      <fieldset className="flex flex-wrap gap-x-4">
        <legend className="font-medium">Hears of runs that are</legend>
        {TERMINAL_STATUSES.map((status) => (
          <label key={status} className="flex items-center gap-2">
            <input type="checkbox" name="status" value={status} defaultChecked /> {STATUS_WORDS[status].toLowerCase()}
          </label>
        ))}
      </fieldset>
    </AskDialog>
  );
}
