'use client';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { Icon } from './icon.tsx';

interface Props {
  title: string;
  children: ReactNode;
  /** Called when it is closed by its button, by Escape or by a click beside it. */
  onClose: () => void;
  wide?: boolean;
}

/** A dialog over the page. It is there as long as it is rendered; focus goes into it and comes back by the browser's own rules. */
export function Dialog({ title, children, onClose, wide = false }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const name = useId();
  useEffect(() => {
    const element = dialog.current!;
    if (!element.open) element.showModal();
    return () => element.close();
  }, []);
  return (
    // A click beside it is a convenience of the pointer; the keyboard has Escape.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <dialog
      ref={dialog}
      aria-labelledby={name}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
      className={`max-h-[90dvh] w-[calc(100vw-24px)] overflow-auto rounded-lg border border-line bg-ground p-0 ${wide ? 'max-w-3xl' : 'max-w-md'}`}
    >
      <div className="flex flex-col gap-4 p-4">
        <div className="flex items-start justify-between gap-4">
          <h2 id={name}>{title}</h2>
          <button type="button" className="button -mt-1 border-transparent px-1.5" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  /** What it will do, and what is kept. */
  children: ReactNode;
  action: string;
  danger?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be taken back. */
export function Confirm({ title, children, action, danger = false, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="space-y-2">{children}</div>
      <div className="flex justify-end gap-2">
        <button type="button" className="button" onClick={onClose}>
          Leave it
        </button>
        <button
          type="button"
          className={`button ${danger ? 'button-danger' : 'button-main'}`}
          onClick={() => {
            onConfirm();
            onClose();
          }}
        >
          {action}
        </button>
      </div>
    </Dialog>
  );
}
