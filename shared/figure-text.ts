import type { MetricInfo } from './metric-info.ts';

/** Stands for a figure that is undefined. */
export const UNDEFINED = '–';

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
