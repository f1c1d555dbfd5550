import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createTables } from '../../engine/metrics/tables/tables.ts';
import type { FullRunRow } from '../../results/runs.ts';
import { sampleResult } from '../../results/sample-result.ts';
import type { StoredResult } from '../../shared/run.ts';
import { BacktestSpec } from '../../shared/spec.ts';
import { orderCode, type OrderBlock } from '../../shared/series.ts';
import { curveOf, ordersOf } from '../test-results.ts';
import { renderReport, REPORT_POLICY } from './report.ts';

const spec = BacktestSpec.parse({
  data: { source: 'sample', symbols: ['AAPL'] },
  strategy: { name: 'sma-cross', params: { fast: 2 } },
  tags: ['</pre><script>alert(1)</script>'],
});

function reportOf(
  equity: readonly number[],
  {
    name = 'A run',
    result = {},
    orders = ordersOf([]),
  }: { name?: string; result?: Partial<StoredResult>; orders?: OrderBlock | null } = {},
): string {
  const curve = curveOf(equity);
  const tables = createTables({ cash: equity[0] ?? 1, metrics: spec.metrics });
  tables.addCurve(curve);
  const run = { id: '0199', name, strategy: 'sma-cross', status: 'cancelled', spec } as FullRunRow;
  return renderReport({ run, result: { ...sampleResult, ...result }, tables: tables.finish(), curve, orders });
}

const grown = Array.from({ length: 800 }, (_, i) => 100 * (1 + i / 50) * (i % 7 === 3 ? 0.97 : 1));

describe('a report', () => {
  it('asks nothing of any other host, and runs no script', () => {
    const page = reportOf(grown);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=|https?:/i);
  });

  it('has one style sheet, which its policy lets through by its hash', () => {
    const [, sheet, ...more] = reportOf(grown).split(/<\/?style>/);
    expect(more).toHaveLength(1);
    expect(REPORT_POLICY).toContain(`'sha256-${createHash('sha256').update(sheet!).digest('base64')}'`);
    expect(reportOf(grown)).not.toMatch(/\sstyle=/);
  });

  it('shows names and specs as text, whatever they hold', () => {
    const page = reportOf(grown, { name: '<b>"Tom" & \'Co\'</b>' });
    expect(page).toContain('&lt;b&gt;&quot;Tom&quot; &amp; &#39;Co&#39;&lt;/b&gt;');
    expect(page).toContain('&lt;/pre&gt;&lt;script&gt;');
    expect(page).not.toContain('<b>');
  });

  it('has the returns of each month and year', () => {
    // From 100 at the end of 2003 to the value of the last day of January 2004, the 31st point.
    const january = (100 * grown[30]!) / 100 - 100;
    const page = reportOf(grown).replace(/\s+/g, ' ');
    expect(page).toContain('<th>2004</th>');
    expect(page).toContain(`>${january.toFixed(1)}<`);
  });

  it('counts what became of the orders, and lists those that were refused with the reason', () => {
    const row = {
      ts: Date.UTC(2004, 0, 5, 14, 30),
      bar: 3,
      symbol: 0,
      order: 1,
      side: 1,
      size: 10,
      price: NaN,
      filledSize: 0,
      filledPrice: NaN,
      fee: 0,
    };
    const market = { ...row, type: orderCode.type('market') };
    const refused = { ...market, status: orderCode.status('rejected'), reason: orderCode.reason('no_money') };
    const filled = { ...market, status: orderCode.status('filled'), reason: orderCode.reason('none') };
    const text = (orders: OrderBlock | null) =>
      reportOf(grown, { orders })
        .replaceAll(/<[^>]+>/g, ' ')
        .replaceAll(/\s+/g, ' ');
    expect(text(ordersOf([filled, filled, refused]))).toContain('filled 2 rejected no money 1');
    expect(text(ordersOf([refused]))).toContain('2004-01-05 14:30 AAPL buy market 10 – no money');
    expect(text(ordersOf(Array.from({ length: 40 }, () => refused)))).toContain('The first 15 of 40 that were refused');
    expect(text(ordersOf([]))).toContain('What became of the orders None.');
    expect(text(null)).toContain('Too many to be counted');
  });

  it('draws money that grew a lot on a logarithmic axis', () => {
    expect(reportOf(grown)).toContain('(logarithmic)');
    expect(reportOf(grown.slice(0, 100))).not.toContain('(logarithmic)');
  });

  it('says first when the result is a partial one, or the account went bankrupt', () => {
    expect(reportOf(grown, { result: { partial: true } })).toContain('This run is cancelled');
    expect(reportOf(grown, { result: { endReason: 'bankrupt' } })).toContain('went bankrupt');
    const lookAhead = { passed: false, samples: 6, firstDifference: '2004-02-03T00:00:00.000Z' };
    expect(reportOf(grown, { result: { verdicts: { lookAhead } } })).toContain('LOOK-AHEAD: at 2004-02-03');
    expect(reportOf(grown)).not.toContain('class="note"');
  });

  it.each([
    ['no bar', []],
    ['one bar', [100]],
    ['a curve that never moves', [100, 100, 100]],
    ['ruin', [100, 50, 0]],
    ['debts', [100, -50]],
  ])('of %s has no number that is none', (_name, equity) => {
    expect(reportOf(equity)).not.toMatch(/NaN|Infinity|undefined(?! for)/);
  });
});
