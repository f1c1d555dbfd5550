import type { ReactNode } from 'react';

/** Fields that belong together, under a title. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-semibold">{title}</legend>
      <div className="grid items-start gap-x-4 gap-y-2.5 sm:grid-cols-2 lg:grid-cols-3">{children}</div>
    </fieldset>
  );
}
