import type { MetricInfo } from '#shared/metric-info.ts';
import { METRICS, type MetricName } from '#shared/metric-list.ts';
import { Hint } from '@/components/hint.tsx';

/** The name of a figure, and its definition on hover and focus. */
export function MetricHint({ name }: { name: MetricName }) {
  const { title, formula, unit, annualised, source }: MetricInfo = METRICS[name];
  return (
    <Hint
      text={
        <>
          <strong>{title}</strong>
          <br />
          {formula}
          <br />
          <span className="text-muted">
            Unit: {unit}
            {annualised ? ', a year' : ''}
            {source && `. ${source}`}
          </span>
        </>
      }
    >
      {title}
    </Hint>
  );
}
