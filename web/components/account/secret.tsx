'use client';
import { CopyButton } from '@/components/copy-button.tsx';
import { Dialog } from '@/components/dialog.tsx';

/** A secret that is shown once. */
export function Secret({
  title,
  secret,
  children,
  onClose,
}: {
  title: string;
  secret: string;
  children: React.ReactNode;
  onClose: () => void;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div>{children}</div>
      <div className="flex gap-2">
        <input
          className="field min-w-0 font-mono text-xs"
          readOnly
          aria-label="Secret"
          value={secret}
          onFocus={(event) => event.target.select()}
        />
        <CopyButton text={secret} what="the secret" />
      </div>
      <div className="flex justify-end">
        <button type="button" className="button button-main" onClick={onClose}>
          I have kept it
        </button>
      </div>
    </Dialog>
  );
}
