import { createHash } from 'node:crypto';
import { histogramOf } from '../../engine/metrics/tables/histogram.ts';
import type { FullRunRow } from '../../results/runs.ts';
import { dataQualityTexts, lookAheadText } from '../../shared/figure-text.ts';
import type { StoredResult } from '../../shared/run.ts';
import type { FinishedCurveBlock, OrderBlock } from '../../shared/series.ts';
import type { AnalysisTables } from '../../shared/tables.ts';
import { barChart, lineChart, scatterChart } from './charts.ts';
import { html, raw, type Html } from './html.ts';
import { orderSection } from './orders.ts';
import { STYLE } from './style.ts';
import { allFigures, definitions, drawdownTable, headline, holdingTable, monthlyTable, yearlyTable } from './tables.ts';

export interface ReportParts {
  run: FullRunRow;
  result: StoredResult;
  tables: AnalysisTables;
  /** As many points as a chart can show. */
  curve: FinishedCurveBlock;
  /** Null where they are too many to look through. */
  orders: OrderBlock | null;
}

/** The report needs nothing but its own style sheet: no script, no other host. */
export const REPORT_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/** In one piece, because the policy holds its hash. */
const SHEET = raw(`<style>${STYLE}</style>`);

const WIDE = { width: 1072, height: 270 };
const FLAT = { width: 1072, height: 120 };
const HALF = { width: 522, height: 210 };
/** Dots of a chart that an eye can tell apart. */
const MOST_DOTS = 1_500;

/** The tear sheet of a run: one file that can be kept, mailed and printed. */
export function renderReport(parts: ReportParts): string {
  const { run, result, tables } = parts;
  const spec = raw(`<pre>${html`${JSON.stringify(run.spec, null, 2)}`.html}</pre>`);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${run.name}</title>
        ${SHEET}
      </head>
      <body>
        ${header(parts)} ${headline(result.metrics)} ${curves(parts)}
        <h2>Returns by month, in percent</h2>
        ${monthlyTable(tables)}
        <div class="pair">
          <section>
            <h2>Returns by year</h2>
            ${yearlyTable(tables)}
          </section>
          <section>
            <h2>Deepest drawdowns</h2>
            ${drawdownTable(tables)}
            <h2>Time in a trade</h2>
            ${holdingTable(tables)}
          </section>
        </div>
        ${distributions(tables)}
        <h2>What became of the orders</h2>
        ${orderSection(parts.orders, run.spec.data.symbols)}
        <h2>All figures</h2>
        ${allFigures(result.metrics)}
        <h2>What the figures mean</h2>
        ${definitions()}
        <h2>What makes this result repeatable</h2>
        ${manifestTable(run, result)}
        <p class="soft">${lookAheadText(result.verdicts)}</p>
        ${dataQualityTexts(result.verdicts).map((text) => html`<p class="soft">${text}</p>`)}
        <h2>Spec</h2>
        ${spec}
        <footer>Fractions are of the whole, returns after fees. A figure without a value is undefined for this run. Times are UTC.</footer>
      </body>
    </html> `;
  return page.html;
}

function header({ run, result, curve }: ReportParts): Html {
  const [from, to] = [curve.ts[0], curve.ts.at(-1)].map((ts) => (ts === undefined ? '' : new Date(ts).toISOString().slice(0, 10)));
  const { data, account, benchmark } = run.spec;
  const facts = [
    `${run.strategy} on ${data.universe === undefined ? data.symbols.join(', ') : `${data.universe} (${data.symbols.length} symbols)`}`,
    `${data.source}, ${data.timeframe}, ${from} to ${to}`,
    `${result.curve.rows.toLocaleString('en')} bars`,
    `${account.cash.toLocaleString('en')} ${account.currency} at the start`,
    ...(benchmark === undefined ? [] : [`against ${benchmark}`]),
  ];
  return html`<header>
    <h1>${run.name}</h1>
    <p class="soft">${facts.join(' · ')}</p>
    ${warning(run, result)}
  </header>`;
}

/** A result that a reader must not take for a whole one says so first. */
function warning({ status }: FullRunRow, { partial, endReason, verdicts }: StoredResult): Html {
  if (verdicts.lookAhead?.passed === false || verdicts.repeatable === false) return html`<p class="note">${lookAheadText(verdicts)}</p>`;
  if (partial) return html`<p class="note">This run is ${status}: what follows is what it did until then.</p>`;
  return endReason === 'bankrupt' ? html`<p class="note">The account went bankrupt, and the run ended there.</p>` : html``;
}

function curves({ run, curve, tables }: ReportParts): Html {
  const hasBenchmark = curve.benchmark.some((value) => !Number.isNaN(value));
  const equity = { name: 'Equity', kind: 'main', values: curve.equity } as const;
  const benchmark = { name: `${run.spec.benchmark ?? ''} bought and held`, kind: 'other', values: curve.benchmark } as const;
  const lines = hasBenchmark ? [benchmark, equity] : [equity];
  const money = `Equity in ${run.spec.account.currency}`;
  const { rollingSharpe } = tables;
  const rolling = {
    title: `Sharpe ratio of the last ${rollingSharpe.window} days`,
    times: rollingSharpe.date.map((date) => Date.parse(date)),
    lines: [{ name: 'Sharpe', kind: 'main', values: rollingSharpe.sharpe }] as const,
    span: curve.ts,
    include: [0],
    label: number,
  };
  return html` ${lineChart({ ...WIDE, title: money, times: curve.ts, lines, label: compact, mayBeLog: true })}
  ${lineChart({ ...FLAT, title: 'Drawdown', times: curve.ts, lines: [{ name: 'Drawdown', kind: 'loss', values: curve.drawdown, filled: true }], label: percent, include: [0] })}
  ${lineChart({ ...FLAT, title: 'Gross exposure over equity', times: curve.ts, lines: [{ name: 'Exposure', kind: 'main', values: curve.exposure, filled: true }], label: percent, include: [0] })}
  ${rollingSharpe.date.length < 2 ? html`` : lineChart({ ...FLAT, ...rolling })}`;
}

function distributions({ tradePoints, returnHistogram }: AnalysisTables): Html {
  const returns = tradePoints.return.filter((value) => value !== null);
  const step = Math.max(1, Math.ceil(tradePoints.mae.length / MOST_DOTS));
  const dots = tradePoints.mae.flatMap((x, i) => {
    const y = tradePoints.mfe[i] ?? null;
    return x === null || y === null || i % step !== 0 ? [] : [{ x, y, isGain: (tradePoints.return[i] ?? 0) > 0 }];
  });
  const shown = dots.length < tradePoints.trades ? ` (${dots.length} of ${tradePoints.trades.toLocaleString('en')})` : '';
  return html`<div class="pair">
    ${barChart({ ...HALF, title: 'Trades by return', ...histogramOf(Float64Array.from(returns)), label: percent })}
    ${barChart({ ...HALF, title: 'Days by return', ...returnHistogram, label: percent })}
    ${scatterChart({ ...HALF, title: `Trades: best move (up) by worst move (across) while open${shown}`, points: dots, label: percent })}
    ${scatterChart({ ...HALF, title: `Trades: return (up) by days held (across)${shown}`, points: heldPoints(tradePoints, step), label: percent, labelX: number })}
  </div>`;
}

function heldPoints({ days, return: returns }: AnalysisTables['tradePoints'], step: number) {
  return days.flatMap((x, i) => {
    const y = returns[i] ?? null;
    return y === null || i % step !== 0 ? [] : [{ x, y, isGain: y > 0 }];
  });
}

function manifestTable(run: FullRunRow, { manifest, endReason }: StoredResult): Html {
  const { datasetOrigin = {}, ...facts } = { run: run.id, endReason, ...manifest };
  // Nested, it would be shown as an object.
  const all = { ...facts, ...datasetOrigin };
  return html`<table class="manifest">
    <tbody>
      ${Object.entries(all).map(
        ([name, value]) =>
          html`<tr>
            <th>${name}</th>
            <td>${String(value)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Decimals that a step needs. */
function decimals(step: number): number {
  return Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
}

function percent(value: number, step: number): string {
  return `${(100 * value).toFixed(decimals(100 * step))} %`;
}

function number(value: number, step: number): string {
  return (value + 0).toFixed(decimals(step));
}

const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 4 });

function compact(value: number): string {
  return COMPACT.format(value);
}
