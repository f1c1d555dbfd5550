'use client';
import type { Sweep } from '#shared/sweep.ts';
import { AskDialog } from '@/components/ask-dialog.tsx';
import { Field } from '@/components/field.tsx';
import { callApi } from '@/lib/api.ts';
import { formatCount } from '@/lib/format.ts';
import { say } from '@/lib/toasts.ts';

interface Asking {
  sweep: Sweep;
  onDone: () => void;
  onClose: () => void;
}

/** More trials: those that the sweep would have had with this number from the start. */
export function ExtendDialog({ sweep, onDone, onClose }: Asking) {
  const { id, progress } = sweep;
  const send = async (given: FormData): Promise<void> => {
    const trials = Number(given.get('trials'));
    const headers = { 'idempotency-key': crypto.randomUUID() };
    await callApi(`/v1/sweeps/${id}/extend`, { method: 'POST', body: { trials }, headers });
    say({ kind: 'good', text: `The sweep goes on to ${formatCount(trials)} trials.` });
    onDone();
  };
  return (
    <AskDialog title="Extend the sweep" action="Extend" send={send} onClose={onClose}>
      <Field
        label="Trials in all"
        hint={`It has ${formatCount(progress.total)} now. What is done is kept; only the new ones are computed.`}
      >
        {(bound) => (
          <input
            {...bound}
            className="field"
            name="trials"
            type="number"
            min={progress.total + 1}
            defaultValue={progress.total * 2}
            required
          />
        )}
      </Field>
    </AskDialog>
  );
}

export function PriorityDialog({ sweep, onDone, onClose }: Asking) {
  const send = async (given: FormData): Promise<void> => {
    await callApi(`/v1/sweeps/${sweep.id}`, { method: 'PATCH', body: { priority: Number(given.get('priority')) } });
    onDone();
  };
  return (
    <AskDialog title="Priority" action="Change" send={send} onClose={onClose}>
      <Field label="Priority" hint="Counts for the trials to come, also while it runs. A backtest has 2, a batch 3.">
        {(bound) => (
          <select {...bound} className="field" name="priority" defaultValue={sweep.spec.priority}>
            <option value={1}>1, first</option>
            <option value={2}>2</option>
            <option value={3}>3</option>
            <option value={4}>4, as sweeps have it</option>
            <option value={5}>5, last</option>
          </select>
        )}
      </Field>
    </AskDialog>
  );
}

export function BestDialog({ onRun, onClose }: { onRun: (k: number) => void; onClose: () => void }) {
  const send = (given: FormData): Promise<void> => Promise.resolve(onRun(Number(given.get('k'))));
  return (
    <AskDialog title="Run the best in full" action="Run them" send={send} onClose={onClose}>
      <Field
        label="How many"
        hint="Each becomes a backtest with curve, trades and orders, compared side by side: eight at most. Asked again, it leads to the same runs."
      >
        {(bound) => <input {...bound} className="field" name="k" type="number" min={1} max={8} defaultValue={5} required />}
      </Field>
    </AskDialog>
  );
}
