import { INDICATOR_GROUPS } from '../../engine/indicators/catalog.ts';
import type { IndicatorDefinition, IndicatorParam } from '../../engine/indicators/indicator.ts';
import { table } from './markdown.ts';

/** `docs/indicators.md`: every indicator with its call, what it means and where it differs from TA-Lib. */
export function indicatorsPage(): string {
  return [
    '# Indicators',
    '',
    'A call gives its series first, then its parameters; those at the end may be left out where they have a default. A series is a column or any expression. An indicator that reads bar columns by itself takes no series: `atr(14)`. Of several outputs the first is meant unless another is named: `bollinger(close, 20, 2).upper`.',
    '',
    'Bars are counted from 0. Before the first value there is none, and nothing is traded on. A value of a bar depends on that bar and those before it, never on later ones. Whole columns, columns in pieces and columns that grow give the same bytes.',
    '',
    'A value is missing where it is not a number, infinite or beyond ±10¹⁰⁰. Where an input is missing there is no output, and the indicator starts anew at the next bar, as if the columns began there; only `lag` looks across. An indicator of an indicator therefore starts later by as many bars as the inner one needs. Where a formula has no value (a ratio over 0) there is none, though the sums behind it go on.',
    '',
    'Sums over windows are kept in twice the working precision, so they neither drift nor keep a trace of what has left the window, and nothing is lost where the sums behind a variance cancel. All but `cci` and `percentileRank` take the same time for a bar whatever the period. Every indicator that TA-Lib 0.8.2 has is compared with it to 1e-9; each difference of definition is stated.',
    '',
    ...Object.entries(INDICATOR_GROUPS).flatMap(([title, indicators]) => [
      `## ${title}`,
      '',
      ...table(['call', 'outputs', 'reads', 'bounds', 'meaning'], indicators.map(row)),
      '',
    ]),
  ].join('\n');
}

function row({ name, series, params, outputs, columns, description }: IndicatorDefinition): string[] {
  const given = [...Array.from({ length: series }, () => 'series'), ...params.map(withDefault)];
  return [
    `\`${name}(${given.join(', ')})\``,
    outputs.length === 1 ? '–' : outputs.map((output) => `\`${output}\``).join(' '),
    columns.join(', ') || '–',
    params.map(bounds).join(', ') || '–',
    description,
  ];
}

function withDefault({ name, default: value }: IndicatorParam): string {
  return value === undefined ? name : `${name} = ${value}`;
}

function bounds({ name, min, max, type }: IndicatorParam): string {
  return `\`${name}\` ${min} to ${max}${type === 'integer' ? '' : ', with decimals'}`;
}
