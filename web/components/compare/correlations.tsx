'use client';
import { useMemo } from 'react';
import { Heatmap, type HeatCell } from '@/components/charts/heatmap.tsx';
import { correlation, returnsOf, type CommonGrowth } from '@/lib/compare-curves.ts';
import { formatRatio } from '@/lib/format.ts';
import { letterOf } from './run-colours.tsx';

/** How alike the daily returns are, run by run. */
export function Correlations({ growth: { growth }, names }: { growth: CommonGrowth; names: readonly string[] }) {
  const cells = useMemo(() => {
    const returns = growth.map(returnsOf);
    return returns.map((a, row) =>
      returns.map((b, column): HeatCell => {
        const value = correlation(a, b);
        const known = Number.isFinite(value) ? value : null;
        return { value: known, text: formatRatio(known), label: `${names[row]} and ${names[column]}: ${formatRatio(known)}` };
      }),
    );
  }, [growth, names]);
  const letters = names.map((_, index) => letterOf(index));
  return (
    <section aria-labelledby="correlation-title" className="min-w-0">
      <h2 id="correlation-title" className="mb-1">
        Correlation of daily returns
      </h2>
      <Heatmap label="Correlation of daily returns" rows={letters} columns={letters} cells={cells} scale="around-zero" />
    </section>
  );
}
