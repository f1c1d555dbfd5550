'use client';
import { useMemo } from 'react';
import { Change } from '@/components/figure.tsx';
import { Hint } from '@/components/hint.tsx';
import { equalWeight, figuresOfGrowth, type CommonGrowth } from '@/lib/compare-curves.ts';
import { formatPercent, formatRatio } from '@/lib/format.ts';
import { Letter } from './run-colours.tsx';

/** What the same money in each would have become, beside each alone, over the days that they have in common. */
export function EqualWeight({ growth: { days, growth } }: { growth: CommonGrowth }) {
  const all = useMemo(() => figuresOfGrowth(days, equalWeight(growth)), [days, growth]);
  const each = useMemo(() => growth.map((values) => figuresOfGrowth(days, values)), [days, growth]);
  const line = (key: string, name: React.ReactNode, { totalReturn, sharpe, volatility, maxDrawdown }: typeof all) => (
    <tr key={key} className={`h-7 border-t border-line ${key === 'all' ? 'font-semibold' : ''}`}>
      <th scope="row" className="text-left">
        {name}
      </th>
      <td className="number">
        <Change value={totalReturn} />
      </td>
      <td className="number">{formatRatio(sharpe)}</td>
      <td className="number">{formatPercent(volatility)}</td>
      <td className="number">{formatPercent(maxDrawdown)}</td>
    </tr>
  );
  return (
    <section aria-labelledby="weights-title" className="min-w-0">
      <h2 id="weights-title" className="mb-1">
        <Hint text="The same money is put into each at the beginning and left there. Over the days that all have in common; ratios a year, from daily returns, without a riskless rate.">
          Together, in equal parts
        </Hint>
      </h2>
      <table className="w-full">
        <thead>
          <tr className="h-7 text-xs text-muted">
            <th scope="col" className="text-left font-medium">
              Run
            </th>
            <th scope="col" className="number font-medium">
              Return
            </th>
            <th scope="col" className="number font-medium">
              Sharpe
            </th>
            <th scope="col" className="number font-medium">
              Volatility
            </th>
            <th scope="col" className="number font-medium">
              Drawdown
            </th>
          </tr>
        </thead>
        <tbody>
          {each.map((figures, index) => line(String(index), <Letter index={index} />, figures))}
          {line('all', 'All together', all)}
        </tbody>
      </table>
    </section>
  );
}
