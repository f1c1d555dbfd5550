'use client';
import { useMemo } from 'react';
import { NOTHING } from '@/lib/format.ts';
import { specDifferences } from '@/lib/spec-differences.ts';
import { Letter } from './run-colours.tsx';

/** In what the specs differ; all else is the same. */
export function SpecDifferences({ specs }: { specs: readonly object[] }) {
  const differences = useMemo(() => specDifferences(specs), [specs]);
  return (
    <section aria-labelledby="differences-title">
      <h2 id="differences-title" className="mb-1">
        In what they differ
      </h2>
      {differences.length === 0 ? (
        <p className="text-muted">In nothing: the specs are the same.</p>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="overflow-x-auto" tabIndex={0} role="region" aria-labelledby="differences-title">
          <table className="w-full">
            <thead>
              <tr className="h-7 text-xs text-muted">
                <th scope="col" className="text-left font-medium">
                  Field
                </th>
                {specs.map((_, index) => (
                  // oxlint-disable-next-line react/no-array-index-key
                  <th key={index} scope="col" className="px-2 text-left font-medium">
                    <Letter index={index} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {differences.map(({ path, values }) => (
                <tr key={path} className="h-7 border-t border-line">
                  <th scope="row" className="pr-2 text-left font-mono font-normal">
                    {path}
                  </th>
                  {values.map((value, index) => (
                    // oxlint-disable-next-line react/no-array-index-key
                    <td key={index} className="max-w-80 truncate px-2" title={value}>
                      {value ?? NOTHING}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
