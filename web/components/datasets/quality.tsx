import type { QualityReport } from '#shared/data-quality.ts';
import { Icon } from '@/components/icon.tsx';
import { formatCount, formatMoment } from '@/lib/format.ts';

const CALENDARS = { '24/7': 'at all times', weekdays: 'on Mondays to Fridays', symbols: 'whenever another symbol has one' };

/** What was found in the bars when they came in. */
export function Quality({ report: { bars, calendar, findings, more } }: { report: QualityReport }) {
  return (
    <section aria-labelledby="quality-title">
      <h2 id="quality-title" className="mb-1">
        Quality
      </h2>
      <p className="mb-1 text-muted">
        {formatCount(bars)} bars were looked at; they are due {CALENDARS[calendar]}.
      </p>
      {findings.length === 0 ? (
        <p className="inline-flex items-center gap-1.5 text-gain">
          <Icon name="completed" size={14} /> Nothing was found.
        </p>
      ) : (
        <ul>
          {findings.map(({ check, symbol, message, first, action, count }) => (
            <li key={`${check} ${symbol}`} className="flex flex-wrap gap-x-3 border-t border-line py-1">
              <span className={`inline-flex w-24 items-center gap-1.5 ${action === 'repaired' ? 'text-muted' : 'text-warn'}`}>
                <Icon name={action === 'repaired' ? 'completed' : 'failed'} size={14} /> {action === 'repaired' ? 'Repaired' : 'Warning'}
              </span>
              <strong className="font-medium">{symbol}</strong>
              <span>{message}</span>
              <span className="text-muted">
                {formatCount(count)}, first {formatMoment(first)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {more > 0 && <p className="text-muted">And {formatCount(more)} more.</p>}
    </section>
  );
}
