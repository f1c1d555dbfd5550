'use client';
import { useId, type ReactNode } from 'react';

interface Props {
  label: string;
  /** What it means, in a line below. */
  hint?: ReactNode;
  error?: string | undefined;
  /** Gets the attributes that bind it to its label and its error. */
  children: (bound: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean }) => ReactNode;
}

/** A control with its label, its hint and its error. Give the control the class `field`. */
export function Field({ label, hint, error, children }: Props) {
  const id = useId();
  const about = `${id}-about`;
  const hasWords = error !== undefined || hint !== undefined;
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children({ id, 'aria-describedby': hasWords ? about : undefined, 'aria-invalid': error !== undefined })}
      {hasWords && (
        <p id={about} className={error === undefined ? 'text-xs text-muted' : 'text-xs text-loss'}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}
