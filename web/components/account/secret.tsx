'use client';
import { CopyField } from '@/components/copy-field.tsx';
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
      <CopyField label="Secret" text={secret} what="the secret" />
      <div className="flex justify-end">
        <button type="button" className="button button-main" onClick={onClose}>
          I have kept it
        </button>
      </div>
    </Dialog>
  );
}
