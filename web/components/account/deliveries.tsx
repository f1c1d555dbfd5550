'use client';
import type { DeliveryStatus, WebhookDelivery } from '#shared/webhook.ts';
import { Icon, type IconName } from '@/components/icon.tsx';
import { ProblemView } from '@/components/problem.tsx';
import { formatMoment } from '@/lib/format.ts';
import { useApi } from '@/lib/use-api.ts';

const LOOKS: Record<DeliveryStatus, { word: string; icon: IconName; colour: string }> = {
  queued: { word: 'Queued', icon: 'queued', colour: 'text-muted' },
  sending: { word: 'Trying', icon: 'running', colour: 'text-accent' },
  delivered: { word: 'Delivered', icon: 'completed', colour: 'text-gain' },
  failed: { word: 'Given up', icon: 'failed', colour: 'text-loss' },
};
const LOOK_MS = 3_000;
const SHOWN = 10;

/** The last messages of a webhook, and what came of each. */
export function Deliveries({ webhook }: { webhook: string }) {
  const { data, error, mutate } = useApi<{ items: WebhookDelivery[] }>(`/v1/webhooks/${webhook}/deliveries`, { refreshInterval: LOOK_MS });
  if (error) return <ProblemView error={error} retry={() => void mutate()} />;
  if (data === undefined || data.items.length === 0)
    return <p className="mt-1 min-h-7 text-muted">{data === undefined ? 'Its messages are loading …' : 'No message yet.'}</p>;
  return (
    <ul aria-label="Messages" className="mt-1">
      {data.items.slice(0, SHOWN).map(({ id, type, status, attempts, responseStatus, error: why, createdAt }) => {
        const { word, icon, colour } = LOOKS[status];
        return (
          <li key={id} className="flex min-h-7 flex-wrap items-center gap-x-4 border-t border-line">
            <span className={`inline-flex w-24 items-center gap-1.5 ${colour}`}>
              <Icon name={icon} size={14} /> {word}
            </span>
            <span className="w-40">{type}</span>
            <span className="text-muted">
              {formatMoment(createdAt)}, {attempts} {attempts === 1 ? 'try' : 'tries'}
              {responseStatus !== null && `, answered ${responseStatus}`}
              {why !== null && status !== 'delivered' && `: ${why}`}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
