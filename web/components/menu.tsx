'use client';
import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react';

export interface MenuItem {
  text: string;
  onSelect: () => void;
  disabled?: boolean;
  danger?: boolean;
}

/** A button with a menu. Arrows, Home and End move in it, Escape and a click elsewhere close it. */
export function Menu({
  label,
  children,
  items,
  className = 'button',
}: {
  label: string;
  children: ReactNode;
  items: readonly MenuItem[];
  className?: string;
}) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  const place = (open: boolean): void => {
    button.current?.setAttribute('aria-expanded', String(open));
    if (!open) return;
    const { bottom, right } = button.current!.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = list.current!;
    Object.assign(list.current!.style, {
      left: `${Math.max(8, Math.min(right - offsetWidth, innerWidth - offsetWidth - 8))}px`,
      top: `${Math.max(8, Math.min(bottom + 4, innerHeight - offsetHeight - 8))}px`,
    });
    list.current!.querySelector<HTMLElement>('[role=menuitem]:not(:disabled)')?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-haspopup="menu"
        aria-expanded={false}
        aria-label={label}
        className={className}
      >
        {children}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        onToggle={(event) => place(event.newState === 'open')}
        onKeyDown={moveFocus}
        className="fixed m-0 min-w-40 rounded-md border border-line bg-ground p-1 shadow-lg"
      >
        {items.map(({ text, onSelect, disabled = false, danger = false }) => (
          <button
            key={text}
            type="button"
            role="menuitem"
            disabled={disabled}
            className={`block w-full rounded px-2 py-1 text-left hover:bg-raised disabled:text-muted ${danger ? 'text-loss' : ''}`}
            onClick={() => {
              list.current!.hidePopover();
              onSelect();
            }}
          >
            {text}
          </button>
        ))}
      </div>
    </>
  );
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]:not(:disabled)')];
  const here = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length)?.focus();
}
