'use client';
import { useMemo, useState } from 'react';
import { isTerminal, type RunRequest } from '#shared/names.ts';
import type { RunSummary } from '#shared/run.ts';
import { AskDialog } from '@/components/ask-dialog.tsx';
import { Confirm } from '@/components/dialog.tsx';
import { Field } from '@/components/field.tsx';
import { Icon } from '@/components/icon.tsx';
import { ListFilter } from '@/components/list-filter.tsx';
import { Menu } from '@/components/menu.tsx';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { Progress } from '@/components/progress.tsx';
import { SkeletonRows } from '@/components/skeleton.tsx';
import { Status } from '@/components/status.tsx';
import { Table, type Column } from '@/components/table.tsx';
import { callApi } from '@/lib/api.ts';
import { attempt } from '@/lib/attempt.ts';
import { formatMinute } from '@/lib/format.ts';
import { say } from '@/lib/toasts.ts';
import { useAddress } from '@/lib/use-address.ts';
import { usePages } from '@/lib/use-pages.ts';

const LOOK_MS = 3_000;
type Asked = { kind: 'cancel' | 'owner' | 'strategy'; run: RunSummary };

/** Runs of every owner, and what an operator may do with them. */
export function AllRuns() {
  const { query, change } = useAddress();
  const [owner, status] = [query.get('owner') ?? '', query.get('status') ?? ''];
  const given = new URLSearchParams({ limit: '100', ...(owner !== '' && { owner }), ...(status !== '' && { status }) });
  const { items, error, more, refresh } = usePages<RunSummary>(`/v1/admin/backtests?${given.toString()}`, { refreshInterval: LOOK_MS });
  const [asked, setAsked] = useState<Asked | null>(null);
  const columns = useMemo(() => columnsOf({ refresh, setAsked }), [refresh]);
  return (
    <>
      <ListFilter label="Owner" name="owner" text={owner} status={status} change={change} />
      {error ? (
        <ProblemView error={error} retry={refresh} />
      ) : items === undefined ? (
        <SkeletonRows label="The runs are loading" />
      ) : items.length === 0 ? (
        <EmptyState title="No run fits">Take the filter back.</EmptyState>
      ) : (
        <Table label="Runs of everyone" columns={columns} rows={items} rowKey={({ id }) => id} onEnd={more} height="calc(100dvh - 220px)" />
      )}
      {asked && <Asking asked={asked} close={() => setAsked(null)} refresh={refresh} />}
    </>
  );
}

const steer = (id: string, what: RunRequest | 'requeue') => (): Promise<unknown> =>
  callApi(`/v1/admin/backtests/${id}/${what}`, { method: 'POST' });

function columnsOf({ refresh, setAsked }: { refresh: () => void; setAsked: (asked: Asked) => void }): Column<RunSummary>[] {
  const itemsOf = (run: RunSummary) => {
    const ended = isTerminal(run.status);
    return [
      { text: 'Pause', onSelect: () => attempt(steer(run.id, 'pause'), refresh), disabled: ended },
      {
        text: 'Resume',
        onSelect: () => attempt(steer(run.id, 'resume'), refresh),
        disabled: run.status !== 'paused' && run.status !== 'pausing',
      },
      { text: 'Cancel …', onSelect: () => setAsked({ kind: 'cancel', run }), disabled: ended },
      {
        text: 'Start again from its checkpoint',
        onSelect: () => attempt(steer(run.id, 'requeue'), refresh),
        disabled: run.status === 'completed',
      },
      { text: 'Disable its owner …', onSelect: () => setAsked({ kind: 'owner', run }), danger: true },
      { text: 'Disable its strategy …', onSelect: () => setAsked({ kind: 'strategy', run }), danger: true },
    ];
  };
  return [
    { key: 'name', title: 'Name', cell: ({ name, id }) => <span title={id}>{name}</span> },
    { key: 'owner', title: 'Owner', width: '180px', from: 'md', cell: ({ owner }) => owner },
    { key: 'strategy', title: 'Strategy', width: '150px', from: 'xl', cell: ({ strategy }) => strategy },
    { key: 'status', title: 'Status', width: '130px', cell: ({ status, requested }) => <Status status={status} requested={requested} /> },
    {
      key: 'progress',
      title: 'Progress',
      width: '150px',
      from: 'md',
      cell: ({ status, progress }) => <Progress status={status} progress={progress} />,
    },
    { key: 'created', title: 'Submitted', width: '130px', align: 'right', from: 'lg', cell: ({ createdAt }) => formatMinute(createdAt) },
    {
      key: 'more',
      title: <span className="sr-only">Actions</span>,
      width: '56px',
      cell: (run) => (
        <Menu label={`Actions for ${run.name}`} items={itemsOf(run)}>
          <Icon name="more" />
        </Menu>
      ),
    },
  ];
}

function Asking({ asked: { kind, run }, close, refresh }: { asked: Asked; close: () => void; refresh: () => void }) {
  if (kind === 'cancel')
    return (
      <Confirm
        title={`Cancel ${run.name} of ${run.owner}?`}
        action="Cancel the run"
        danger
        onConfirm={() => attempt(steer(run.id, 'cancel'), refresh)}
        onClose={close}
      >
        <p>It stops for good. What has been computed so far is kept as a partial result of its owner.</p>
      </Confirm>
    );
  const name = kind === 'owner' ? run.owner : run.strategy;
  const disable = async (given: FormData): Promise<void> => {
    const path = `/v1/admin/${kind === 'owner' ? 'owners' : 'strategies'}/${encodeURIComponent(name)}/disable`;
    await callApi(path, { method: 'POST', body: { reason: given.get('reason') } });
    say({ kind: 'plain', text: `${name} is disabled.` });
    refresh();
  };
  return (
    <AskDialog title={`Disable the ${kind} ${name}?`} action="Disable" danger send={disable} onClose={close}>
      <p>
        {kind === 'owner' ? 'Every request of this owner is refused from now on.' : 'Nobody can submit this strategy any more.'} Runs that
        were accepted go on; cancel them beside.
      </p>
      <Field label="Why" hint="Shown to whoever is refused">
        {(bound) => <input {...bound} className="field" name="reason" maxLength={500} required />}
      </Field>
    </AskDialog>
  );
}
