'use client';
import { session, signOut } from '@/lib/session.ts';
import { useStore } from '@/lib/store.ts';
import { Menu } from './menu.tsx';

/** Who is signed in; nothing where nobody needs to. */
export function UserMenu() {
  const now = useStore(session);
  if (now.state !== 'in') return null;
  return (
    <Menu
      label={`Signed in: ${now.name}`}
      className="button min-w-0 flex-1 justify-start border-transparent px-2"
      items={[{ text: 'Sign out', onSelect: () => void signOut() }]}
    >
      <span className="truncate">{now.name}</span>
    </Menu>
  );
}
