'use client';
import { useState } from 'react';
import { mutate } from 'swr';
import { signOut } from '@/lib/session.ts';
import { Dialog } from './dialog.tsx';
import { SignInForm } from './sign-in-form.tsx';

/** Over the page of someone whose session has ended: what they have written is still there afterwards. */
export function SignInAgain({ by }: { by: 'token' | 'supabase' }) {
  const [closed, setClosed] = useState(false);
  if (closed) return null;
  return (
    <Dialog
      title="Your session has ended"
      onClose={() => {
        setClosed(true);
        void signOut();
      }}
    >
      <p>Sign in again to go on where you are; nothing that you have written is lost.</p>
      <SignInForm by={by} onDone={askForAll} />
    </Dialog>
  );
}

/** What was refused meanwhile is not asked for again by itself. */
const askForAll = (): void => void mutate(() => true);
