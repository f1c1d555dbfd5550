'use client';
import { useState } from 'react';
import { formatCount } from '@/lib/format.ts';

interface Props {
  label: string;
  /** One more than counts. */
  edges: readonly number[];
  counts: readonly number[];
  height: number;
  format: (edge: number) => string;
}

/** How often which values are; below 0 in the colour of losses. The bins are also a table for those who cannot see it. */
export function Histogram({ label, edges, counts, height, format }: Props) {
  const [at, setAt] = useState<number | null>(null);
  const most = Math.max(1, ...counts);
  const words = (bin: number): string => `${format(edges[bin]!)} to ${format(edges[bin + 1]!)}: ${formatCount(counts[bin])}`;
  if (counts.length === 0) return <p className="text-muted">There is nothing to count yet.</p>;
  return (
    <figure>
      <div
        role="img"
        aria-label={`${label}: ${counts.length} bins, most ${formatCount(most)}`}
        className="flex items-end gap-px border-b border-edge"
        style={{ height: height - 40 }}
        onMouseLeave={() => setAt(null)}
      >
        {counts.map((count, bin) => (
          <div key={edges[bin]} className="flex h-full flex-1 items-end hover:bg-raised" onMouseEnter={() => setAt(bin)}>
            <div
              className={`w-full ${edges[bin + 1]! <= 0 ? 'bg-loss' : edges[bin]! >= 0 ? 'bg-gain' : 'bg-edge'}`}
              style={{ height: `${(count / most) * 100}%` }}
            />
          </div>
        ))}
      </div>
      <div className="flex justify-between text-xs text-muted">
        <span>{format(edges[0]!)}</span>
        <span>{format(edges.at(-1)!)}</span>
      </div>
      <figcaption className="h-5 text-xs text-muted">{at === null ? ' ' : words(at)}</figcaption>
    </figure>
  );
}
