'use client';
import { Page } from './shell.tsx';
import { Icon } from './icon.tsx';

/** In place of a page that cannot go on: what happened and what to do. `retry` shows it anew without loading it. */
export function Broken({ error, retry }: { error: Error; retry: () => void }) {
  const isCode = error.name === 'ChunkLoadError' || /load chunk/i.test(error.message);
  return (
    <Page title="This page cannot go on">
      <div role="alert" className="flex max-w-prose gap-2 rounded-md border border-loss bg-loss-soft p-3">
        <Icon name="failed" className="mt-0.5 text-loss" />
        <div className="min-w-0 space-y-2">
          <p className="break-words">
            {isCode
              ? 'A part of it could not be loaded. Most likely there is a newer version: load the page again.'
              : `Something in it went wrong: ${error.message}`}
          </p>
          <p className="text-muted">Runs go on, and a form of a new run is kept.</p>
          <div className="flex gap-2">
            <button type="button" className="button button-main" onClick={() => location.reload()}>
              Load the page again
            </button>
            {!isCode && (
              <button type="button" className="button" onClick={retry}>
                Try again
              </button>
            )}
          </div>
        </div>
      </div>
    </Page>
  );
}
