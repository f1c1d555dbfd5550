'use client';
import { CopyButton } from './copy-button.tsx';

/** A text to be taken along; `what` is how it is spoken of. */
export function CopyField({ label, text, what }: { label: string; text: string; what: string }) {
  return (
    <div className="flex gap-2">
      <input
        className="field min-w-0 font-mono text-xs"
        readOnly
        aria-label={label}
        value={text}
        onFocus={(event) => event.target.select()}
      />
      <CopyButton text={text} what={what} />
    </div>
  );
}
