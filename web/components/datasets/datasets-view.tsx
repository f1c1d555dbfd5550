'use client';
import { Suspense, useState } from 'react';
import type { SourceInfo } from '#shared/dataset.ts';
import { Confirm } from '@/components/dialog.tsx';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { Page } from '@/components/shell.tsx';
import { SkeletonRows } from '@/components/skeleton.tsx';
import { callApi } from '@/lib/api.ts';
import { attempt } from '@/lib/attempt.ts';
import { formatBarTime, formatCount } from '@/lib/format.ts';
import { replaceQuery, useAddress } from '@/lib/use-address.ts';
import { useApi } from '@/lib/use-api.ts';
import { Quality } from './quality.tsx';
import { SymbolTable } from './symbol-table.tsx';
import { UploadDialog } from '@/components/upload-dialog.tsx';

/** Sources of bars: what each holds, and how good it is. */
export function DatasetsView() {
  const [uploading, setUploading] = useState(false);
  const { data, error, mutate } = useApi<{ items: SourceInfo[] }>('/v1/datasets');
  return (
    <Page
      title="Datasets"
      actions={
        <button type="button" className="button button-main" onClick={() => setUploading(true)}>
          Upload bars …
        </button>
      }
    >
      {error && data === undefined ? (
        <ProblemView error={error} retry={() => void mutate()} />
      ) : data === undefined ? (
        <SkeletonRows label="The datasets are loading" />
      ) : data.items.length === 0 ? (
        <EmptyState title="No source of bars">Upload a file of your own.</EmptyState>
      ) : (
        <Suspense>
          <Sources sources={data.items} refresh={() => void mutate()} />
        </Suspense>
      )}
      {uploading && (
        <UploadDialog
          onClose={() => setUploading(false)}
          onDone={(source) => {
            void mutate();
            replaceQuery(new URLSearchParams({ source }));
          }}
        />
      )}
    </Page>
  );
}

function Sources({ sources, refresh }: { sources: readonly SourceInfo[]; refresh: () => void }) {
  const { query, change } = useAddress();
  const shown = sources.find(({ source }) => source === query.get('source')) ?? sources[0]!;
  return (
    <div className="grid gap-6 lg:grid-cols-[280px_minmax(0,1fr)]">
      <nav aria-label="Sources">
        <ul className="flex flex-col gap-0.5">
          {sources.map(({ source, title, coverage }) => (
            <li key={source}>
              <button
                type="button"
                aria-current={source === shown.source ? 'true' : undefined}
                className={`w-full rounded px-2 py-1.5 text-left ${source === shown.source ? 'bg-accent-soft' : 'hover:bg-raised'}`}
                onClick={() => change({ source })}
              >
                <span className="block truncate font-medium">{title}</span>
                <span className="block truncate text-xs text-muted">{coverage ? coverageText(coverage) : source}</span>
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <OneSource key={shown.source} info={shown} refresh={refresh} />
    </div>
  );
}

function coverageText({ symbols, from, to }: NonNullable<SourceInfo['coverage']>): string {
  return `${formatCount(symbols)} ${symbols === 1 ? 'symbol' : 'symbols'}, ${formatBarTime(from, true)} to ${formatBarTime(to, true)}`;
}

function OneSource({ info, refresh }: { info: SourceInfo; refresh: () => void }) {
  const { source, title, description, timeframes, timeZone, coverage, columns, universes, quality } = info;
  const [deleting, setDeleting] = useState(false);
  const facts: [string, string | undefined][] = [
    ['Name in a spec', source],
    ['Timeframes', timeframes.join(', ')],
    ['Clock', timeZone],
    ['Bars', coverage && formatCount(coverage.bars)],
    ['Further columns', columns?.join(', ')],
    ['Universes', universes?.join(', ')],
  ];
  return (
    <div className="min-w-0 space-y-4">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h2>{title}</h2>
          <p className="text-muted">{description}</p>
        </div>
        {source.startsWith('upload:') && (
          <button type="button" className="button button-danger" onClick={() => setDeleting(true)}>
            Delete …
          </button>
        )}
      </div>
      <dl className="flex flex-wrap gap-x-8 gap-y-1">
        {facts.map(
          ([name, text]) =>
            text !== undefined &&
            text !== '' && (
              <div key={name} className="min-w-0">
                <dt className="text-xs text-muted">{name}</dt>
                <dd className="break-words">{text}</dd>
              </div>
            ),
        )}
      </dl>
      {quality && <Quality report={quality} />}
      {source !== 'synthetic' && <SymbolTable source={source} />}
      {deleting && (
        <Confirm
          title={`Delete ${title}?`}
          action="Delete the upload"
          danger
          onConfirm={() => attempt(() => callApi(`/v1/datasets/${encodeURIComponent(source)}`, { method: 'DELETE' }), refresh)}
          onClose={() => setDeleting(false)}
        >
          <p>New runs cannot use it any more. Runs that were made with it stay, with the bars that they had.</p>
        </Confirm>
      )}
    </div>
  );
}
