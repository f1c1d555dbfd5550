'use client';
import { Field } from '@/components/field.tsx';
import { BoundChoice, BoundSwitch, BoundText, type Bound } from '@/components/spec/bound.tsx';
import { faultAt } from '@/components/spec/faults.ts';
import { Part } from '@/components/spec/part.tsx';
import { OVERLAP_WORDS, timingText } from './timing-words.ts';

/** Paths that these fields show faults at. */
export const TIMING_PATHS = ['cron', 'calendar', 'timeZone', 'overlap', 'catchupWindow', 'jitter'] as const;

const USUAL: Readonly<Record<string, string>> = {
  '30 2 * * tue-sat': 'After each trading day, at 02:30',
  '0 6 * * *': 'Every day at 06:00',
  '0 * * * *': 'Every hour',
  '0 8 * * sun': 'Sundays at 08:00',
  '0 7 1 * *': 'On the first of each month at 07:00',
};

/** When nights are due, by whose clock, and what happens when they cannot run. */
export function TimingFields(bound: Bound) {
  const { draft, faults } = bound;
  const cron = draft.at('cron');
  const calendar = draft.at('calendar');
  const timeZone = draft.at('timeZone');
  const words = timingText({
    ...(typeof cron === 'string' && { cron }),
    ...(Array.isArray(calendar) && { calendar }),
    ...(typeof timeZone === 'string' && { timeZone }),
  });
  return (
    <Part title="When">
      <Field label="Usual times">
        {(field) => (
          <select
            {...field}
            className="field"
            value={typeof cron === 'string' && cron in USUAL ? cron : ''}
            onChange={(event) => {
              const { calendar: _, ...others } = draft.value;
              if (event.target.value !== '') draft.replace({ ...others, cron: event.target.value });
            }}
          >
            <option value="">{calendar === undefined ? 'Another time' : 'A calendar, as the JSON has it'}</option>
            {Object.entries(USUAL).map(([line, text]) => (
              <option key={line} value={line}>
                {text}
              </option>
            ))}
          </select>
        )}
      </Field>
      {calendar === undefined ? (
        <BoundText {...bound} path="cron" label="Cron line" mono placeholder="30 2 * * tue-sat" hint={words} />
      ) : (
        <p className={`pt-6 ${faultAt(faults, 'calendar') ? 'text-loss' : 'text-muted'}`}>{faultAt(faults, 'calendar') ?? words}</p>
      )}
      <Field label="By the clock of" hint="IANA name; the days of now-1d, too" error={faultAt(faults, 'timeZone')}>
        {(field) => (
          <>
            <input
              {...field}
              className="field"
              list="time-zones"
              placeholder="UTC"
              spellCheck={false}
              value={typeof timeZone === 'string' ? timeZone : ''}
              onChange={(event) => draft.change('timeZone', event.target.value === '' ? undefined : event.target.value)}
            />
            <datalist id="time-zones">
              {['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <BoundChoice {...bound} path="overlap" label="While a night still runs" otherwise="skip" words={OVERLAP_WORDS} />
      <BoundText {...bound} path="catchupWindow" label="Missed nights run up to" placeholder="6h" hint="later: 10m, 6h, 2d" />
      <BoundText {...bound} path="jitter" label="Begins at random up to" placeholder="at the time" hint="later: 90s, 10m" />
      <BoundSwitch draft={draft} path="pauseOnFailure" label="Pause after a night that failed" />
    </Part>
  );
}
