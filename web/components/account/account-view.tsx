'use client';
import { Suspense } from 'react';
import { Page } from '@/components/shell.tsx';
import { Tabs } from '@/components/tabs.tsx';
import { ShareList } from '@/components/share/share-list.tsx';
import { ForgetMe } from './forget-me.tsx';
import { Tokens } from './tokens.tsx';
import { Usage } from './usage.tsx';
import { Webhooks } from './webhooks.tsx';

const TABS = { use: 'Limits and use', tokens: 'Tokens', webhooks: 'Webhooks', links: 'Links', data: 'Your data' } as const;

/** What belongs to whoever is signed in, beside runs and data. */
export function AccountView() {
  return (
    <Page title="Account">
      <Suspense>
        <Tabs tabs={TABS} label="Parts of the account">
          {(tab) => (
            <div className="max-w-4xl">
              {tab === 'use' && <Usage />}
              {tab === 'tokens' && <Tokens />}
              {tab === 'webhooks' && <Webhooks />}
              {tab === 'links' && (
                <>
                  <p className="mb-2 text-muted">Links by which others read a run of yours. They are made on the page of the run.</p>
                  <ShareList />
                </>
              )}
              {tab === 'data' && <ForgetMe />}
            </div>
          )}
        </Tabs>
      </Suspense>
    </Page>
  );
}
