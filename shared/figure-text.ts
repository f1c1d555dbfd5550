import type { MetricInfo } from './metric-info.ts';
import type { Verdicts } from './run.ts';

/** Stands for a figure that is undefined. */
export const UNDEFINED = '–';

/** What the audit for look-ahead found, as a sentence. */
export function lookAheadText({ lookAhead, repeatable }: Verdicts): string {
  if (repeatable === false)
    return 'NOT REPEATABLE: run again on the same data it decided otherwise. It keeps something outside of its state, or asks the clock or chance.';
  if (lookAhead === null) return 'Look-ahead: not audited.';
  const { passed, samples, firstDifference } = lookAhead;
  if (passed) return `Look-ahead: none. Decided again at ${samples} bars without what came later, it decided the same.`;
  return `LOOK-AHEAD: at ${firstDifference} it decided by what came later. These figures cannot be had in trading.`;
}

/** What was found in the bars, as sentences; none where nobody looked. */
export function dataQualityTexts({ data }: Verdicts): string[] {
  if (data === undefined) return [];
  const { bars, findings, more } = data;
  const count = findings.length + more;
  if (count === 0) return [`Data: nothing to find fault with in ${bars.toLocaleString('en')} bars.`];
  const all = findings.map(
    ({ message, first, action }) => `Data, ${action}: ${message}, the first at ${first.replace('T00:00:00.000Z', '')}.`,
  );
  return more === 0 ? all : [...all, `Data: and ${more} more.`];
}

/** A figure for people; fractions as percent. */
export function figureText(value: number | null, unit: MetricInfo['unit']): string {
  if (value === null) return UNDEFINED;
  switch (unit) {
    case 'fraction':
      return `${(value * 100).toFixed(2)} %`;
    case 'ratio':
      return value.toFixed(3);
    case 'days':
      return `${Math.round(value).toLocaleString('en')} d`;
    case 'count':
      return value.toLocaleString('en');
    case 'money':
      return value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  }
}
