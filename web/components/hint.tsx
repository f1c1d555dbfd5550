'use client';
import { useId, useRef, type ReactNode } from 'react';

/** Words that are explained on hover and on focus. */
export function Hint({ children, text }: { children: ReactNode; text: ReactNode }) {
  const id = useId();
  const anchor = useRef<HTMLButtonElement>(null);
  const bubble = useRef<HTMLDivElement>(null);
  const show = (): void => {
    bubble.current!.showPopover();
    const { left, bottom, top } = anchor.current!.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = bubble.current!;
    const below = bottom + 4 + offsetHeight < innerHeight;
    Object.assign(bubble.current!.style, {
      left: `${Math.max(8, Math.min(left, innerWidth - offsetWidth - 8))}px`,
      top: `${below ? bottom + 4 : Math.max(8, top - offsetHeight - 4)}px`,
    });
  };
  const hide = (): void => bubble.current?.hidePopover();
  return (
    <>
      <button
        ref={anchor}
        type="button"
        aria-describedby={id}
        className="cursor-help text-left underline decoration-edge decoration-dotted underline-offset-3"
        onMouseEnter={show}
        onMouseLeave={hide}
        onFocus={show}
        onBlur={hide}
        onKeyDown={(event) => event.key === 'Escape' && hide()}
      >
        {children}
      </button>
      <div
        ref={bubble}
        id={id}
        role="tooltip"
        popover="manual"
        className="fixed m-0 max-w-80 rounded-md border border-edge bg-ground p-2 text-left text-xs font-normal whitespace-normal shadow-lg"
      >
        {text}
      </div>
    </>
  );
}
