'use client';
import { usePathname } from 'next/navigation';
import { useState, type ReactNode } from 'react';
import { NAVIGATION } from '@/lib/pages.ts';
import { useStore } from '@/lib/store.ts';
import { session } from '@/lib/session.ts';
import { useApi } from '@/lib/use-api.ts';
import { ConnectionLine } from './connection-line.tsx';
import { Icon } from './icon.tsx';
import { Link } from './link.tsx';
import { PaletteButton } from './palette-button.tsx';
import { ThemeMenu } from './theme-menu.tsx';
import { UserMenu } from './user-menu.tsx';

/** What is around every page: the way to the content, the navigation, and how the connection is. */
export function Shell({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col lg:flex-row">
      <a href="#content" className="button button-main absolute top-2 left-2 z-30 not-focus:sr-only">
        Skip to the content
      </a>
      <header className="sticky top-0 z-20 border-b border-line bg-raised lg:h-dvh lg:w-44 lg:shrink-0 lg:border-r lg:border-b-0">
        <Bar />
      </header>
      <main id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none">
        <ConnectionLine />
        {children}
      </main>
    </div>
  );
}

function Bar() {
  const [open, setOpen] = useState(false);
  const path = usePathname();
  return (
    <div className="flex flex-col lg:h-full lg:p-2">
      <div className="flex items-center justify-between px-3 py-2 lg:px-2">
        <Link href="/runs/" className="flex items-center gap-2 text-sm font-semibold">
          <Logo />
          Holdfast
        </Link>
        <button type="button" className="button lg:hidden" aria-expanded={open} aria-controls="navigation" onClick={() => setOpen(!open)}>
          <Icon name="menu" /> Menu
        </button>
      </div>
      <div id="navigation" className={`${open ? 'flex' : 'hidden'} flex-col justify-between px-2 pb-2 lg:flex lg:flex-1 lg:px-0 lg:pb-0`}>
        <Navigation path={path} onLeave={() => setOpen(false)} />
        <div className="mt-2 flex items-center gap-1 border-t border-line pt-2">
          <UserMenu />
          <ThemeMenu />
        </div>
      </div>
    </div>
  );
}

function Navigation({ path, onLeave }: { path: string; onLeave: () => void }) {
  const now = useStore(session);
  const isIn = now.state === 'in' || now.state === 'open';
  const { data: me } = useApi<{ isAdmin: boolean }>(isIn ? '/v1/me' : null);
  const links = NAVIGATION.filter(({ operators }) => !operators || me?.isAdmin);
  // The longest that fits: `/runs/new/` is not `/runs/`.
  const here = links.filter(({ href }) => path.startsWith(href)).toSorted((a, b) => b.href.length - a.href.length)[0];
  return (
    <nav aria-label="Main">
      <PaletteButton disabled={!isIn} />
      <ul className="flex flex-col gap-0.5">
        {links.map(({ href, text }) => (
          <li key={href}>
            <Link
              href={href}
              onClick={onLeave}
              aria-current={here?.href === href ? 'page' : undefined}
              className={`block rounded px-2 py-1.5 lg:py-1 ${here?.href === href ? 'bg-accent-soft font-semibold' : 'hover:bg-line'}`}
            >
              {text}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Logo() {
  return (
    <svg aria-hidden="true" width="18" height="18" viewBox="0 0 18 18">
      <rect width="18" height="18" rx="4" fill="var(--accent)" />
      <path
        d="M4 12.5 7.5 8l2.5 2.5 4-5.5"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** A page's head: its title, what can be done with it, and its content below. */
export function Page({ title, actions, children }: { title: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <div className="mx-auto w-full max-w-[1800px] px-4 pt-3">
      <div className="mb-3 flex min-h-8 flex-wrap items-center justify-between gap-2">
        <h1 className="min-w-0">{title}</h1>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
