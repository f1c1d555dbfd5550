import { figureText } from '../../shared/figure-text.ts';
import { METRICS, type MetricName, type Metrics } from '../../shared/metrics.ts';
import type { AnalysisTables, DrawdownRow, PeriodReturn } from '../../shared/tables.ts';
import { html, type Html } from './html.ts';

/** Years shown; generated data may cover thousands. */
const MOST_YEARS = 60;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Returns of months as a table of years and months, coloured by how large they are beside the others. */
export function monthlyTable({ monthlyReturns, yearlyReturns }: AnalysisTables): Html {
  const sizes = monthlyReturns.flatMap((row) => (row.return === null ? [] : [Math.abs(row.return)])).toSorted((a, b) => a - b);
  const large = sizes[Math.floor(0.9 * (sizes.length - 1))] ?? 0;
  const byMonth = new Map(monthlyReturns.map((row) => [row.period, row.return]));
  const rows = yearlyReturns.slice(-MOST_YEARS).map(({ period, return: year }) => {
    const cells = MONTHS.map((_, month) => monthCell(byMonth.get(`${period}-${String(month + 1).padStart(2, '0')}`) ?? null, large));
    return html`<tr>
      <th>${period}</th>
      ${cells}
      <td class="year ${signOf(year)}">${percent(year)}</td>
    </tr>`;
  });
  const head = MONTHS.map((month) => html`<th>${month}</th>`);
  return html`<div class="wide">
      <table class="months">
        <thead>
          <tr>
            <th></th>
            ${head}
            <th>Year</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    ${leftOut(yearlyReturns)}`;
}

function monthCell(value: number | null, large: number): Html {
  if (value === null) return html`<td></td>`;
  const strength = large === 0 || value === 0 ? 0 : Math.min(5, Math.ceil((5 * Math.abs(value)) / large));
  return html`<td class="${strength === 0 ? '' : `${signOf(value)}${strength}`}">${(100 * value).toFixed(1)}</td>`;
}

function leftOut(years: readonly PeriodReturn[]): Html {
  return years.length <= MOST_YEARS ? html`` : html`<p class="soft">The last ${MOST_YEARS} of ${years.length} years.</p>`;
}

/** Returns of years beside those of the benchmark. */
export function yearlyTable({ yearlyReturns }: AnalysisTables): Html {
  const hasBenchmark = yearlyReturns.some(({ benchmark }) => benchmark !== null);
  const rows = yearlyReturns.slice(-MOST_YEARS).map(({ period, return: own, benchmark }) => {
    const beside = hasBenchmark
      ? html`<td>${percent(benchmark)}</td>
          <td class="${signOf(difference(own, benchmark))}">${percent(difference(own, benchmark))}</td>`
      : html``;
    return html`<tr>
      <td>${period}</td>
      <td class="${signOf(own)}">${percent(own)}</td>
      ${beside}
    </tr>`;
  });
  const names = hasBenchmark
    ? html`<th>Benchmark</th>
        <th>Difference</th>`
    : html``;
  return html`<table>
      <thead>
        <tr>
          <th>Year</th>
          <th>Return</th>
          ${names}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    ${leftOut(yearlyReturns)}`;
}

function difference(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

export function drawdownTable({ drawdowns }: AnalysisTables): Html {
  const rows = drawdowns.map(
    ({ depth, start, trough, recovery, days }: DrawdownRow) =>
      html`<tr>
        <td class="loss">${percent(depth)}</td>
        <td>${day(start)}</td>
        <td>${day(trough)}</td>
        <td>${recovery === null ? 'not yet' : day(recovery)}</td>
        <td>${figureText(days, 'days')}</td>
      </tr>`,
  );
  const head = html`<tr>
    <th>Depth</th>
    <th>Peak</th>
    <th>Lowest</th>
    <th>Recovered</th>
    <th>Length</th>
  </tr>`;
  return table(head, rows);
}

export function holdingTable({ holdingTimes }: AnalysisTables): Html {
  const rows = (['all', 'wins', 'losses'] as const).map((name) => {
    const { trades, meanBars, meanDays, medianDays, longestDays } = holdingTimes[name];
    const cells = [meanDays, medianDays, longestDays].map((days) => html`<td>${days === null ? '–' : `${days.toFixed(1)} d`}</td>`);
    return html`<tr>
      <td>${name}</td>
      <td>${figureText(trades, 'count')}</td>
      ${cells}
      <td>${meanBars === null ? '–' : meanBars.toFixed(1)}</td>
    </tr>`;
  });
  const head = html`<tr>
    <th>Trades</th>
    <th>Number</th>
    <th>Mean</th>
    <th>Median</th>
    <th>Longest</th>
    <th>Mean bars</th>
  </tr>`;
  return table(head, rows);
}

const HEADLINE: readonly MetricName[] = ['totalReturn', 'cagr', 'volatility', 'sharpe', 'sortino', 'maxDrawdown', 'trades', 'winRate'];

/** The figures that a reader looks for first. */
export function headline(metrics: Metrics): Html {
  const tiles = HEADLINE.map(
    (name) =>
      html`<div>
        <dt>${METRICS[name].title}</dt>
        <dd>${figure(metrics, name)}</dd>
      </div>`,
  );
  return html`<dl class="tiles">${tiles}</dl>`;
}

export function allFigures(metrics: Metrics): Html {
  const names = Object.keys(METRICS) as MetricName[];
  return html`<dl class="figures">
    ${names.map(
      (name) =>
        html`<div>
          <dt>${METRICS[name].title}</dt>
          <dd>${figure(metrics, name)}</dd>
        </div>`,
    )}
  </dl>`;
}

/** What each figure means: the words of docs/metrics.md. */
export function definitions(): Html {
  const rows = Object.values(METRICS).map(
    ({ title, formula, unit, annualised, source }) =>
      html`<tr>
        <td>${title}</td>
        <td class="text">${formula}</td>
        <td class="text">${unit}${annualised ? ' a year' : ''}</td>
        <td class="text soft">${source}</td>
      </tr>`,
  );
  const head = html`<tr>
    <th>Figure</th>
    <th class="text">Formula</th>
    <th class="text">Unit</th>
    <th class="text">Source</th>
  </tr>`;
  return html`<table class="definitions">
    <thead>
      ${head}
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

function figure(metrics: Metrics, name: MetricName): string {
  return figureText(metrics[name], METRICS[name].unit);
}

function percent(value: number | null): string {
  return figureText(value, 'fraction');
}

function signOf(value: number | null): 'gain' | 'loss' | '' {
  if (value === null || value === 0) return '';
  return value > 0 ? 'gain' : 'loss';
}

function day(time: string): string {
  return time.slice(0, 10);
}

function table(head: Html, rows: readonly Html[]): Html {
  return html`<table>
    <thead>
      ${head}
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}
