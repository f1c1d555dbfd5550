'use client';
import { useState } from 'react';
import type { Night } from '#shared/schedule.ts';
import { Icon } from '@/components/icon.tsx';
import { Link } from '@/components/link.tsx';
import { STATUS_WORDS } from '@/components/status.tsx';
import { formatMoment } from '@/lib/format.ts';
import { pages } from '@/lib/pages.ts';

const WEEKDAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
const month = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric' });
const GOOD = 'bg-gain-soft text-gain';
const BAD = 'bg-loss-soft text-loss';

/** Days of a month by the reader's clock: which nights there were, and which come. */
export function NightCalendar({ nights, next }: { nights: readonly Night[]; next: readonly string[] }) {
  const [shown, setShown] = useState(() => {
    const now = new Date();
    return { year: now.getFullYear(), month: now.getMonth() };
  });
  const first = new Date(shown.year, shown.month, 1);
  const turn = (by: number): void => {
    const moved = new Date(shown.year, shown.month + by, 1);
    setShown({ year: moved.getFullYear(), month: moved.getMonth() });
  };
  const lead = (first.getDay() + 6) % 7;
  const days = new Date(shown.year, shown.month + 1, 0).getDate();
  // Six weeks in every month, so that turning the page moves nothing.
  const cells = Array.from({ length: 42 }, (_, index) => (index < lead || index >= lead + days ? null : index - lead + 1));
  const at = (time: string, day: number): boolean => {
    const date = new Date(time);
    return date.getFullYear() === shown.year && date.getMonth() === shown.month && date.getDate() === day;
  };
  return (
    <section aria-labelledby="calendar-title">
      <div className="mb-1 flex items-center justify-between">
        <h2 id="calendar-title" aria-live="polite">
          {month.format(first)}
        </h2>
        <span className="flex gap-1">
          <button type="button" className="button px-1.5" aria-label="Month before" onClick={() => turn(-1)}>
            <Icon name="down" className="rotate-90" />
          </button>
          <button type="button" className="button px-1.5" aria-label="Next month" onClick={() => turn(1)}>
            <Icon name="down" className="-rotate-90" />
          </button>
        </span>
      </div>
      <ol className="grid grid-cols-7 gap-px text-center" aria-labelledby="calendar-title">
        {WEEKDAYS.map((name) => (
          <li key={name} aria-hidden="true" className="text-xs text-muted">
            {name}
          </li>
        ))}
        {cells.map((day, index) =>
          day === null ? (
            // oxlint-disable-next-line react/no-array-index-key
            <li key={`empty-${index}`} aria-hidden="true" className="h-8" />
          ) : (
            <Day
              key={day}
              day={day}
              night={nights.find(({ nominalTime }) => at(nominalTime, day))}
              due={next.find((time) => at(time, day))}
            />
          ),
        )}
      </ol>
      <p className="mt-1 flex flex-wrap gap-x-3 text-xs text-muted">
        <span>
          <span className="text-gain">✓</span> completed
        </span>
        <span>
          <span className="text-loss">✕</span> not completed
        </span>
        <span>
          <span className="text-accent">○</span> to come
        </span>
      </p>
    </section>
  );
}

function Day({ day, night, due }: { day: number; night: Night | undefined; due: string | undefined }) {
  const common = 'flex h-8 items-center justify-center gap-0.5 rounded-sm';
  if (night === undefined)
    return (
      <li className={common} title={due && `Due ${formatMoment(due)}`}>
        {day}
        {due !== undefined && (
          <span className="text-accent">
            <span aria-hidden="true">○</span>
            <span className="sr-only">, due {formatMoment(due)}</span>
          </span>
        )}
      </li>
    );
  const { status, run, nominalTime } = night;
  const isBad = status === 'failed' || status === 'cancelled' || status === null;
  const sign = status === 'completed' ? '✓' : isBad ? '✕' : '▸';
  const words = `Night of ${formatMoment(nominalTime)}: ${status === null ? 'run deleted' : STATUS_WORDS[status].toLowerCase()}`;
  const content = (
    <>
      <span aria-hidden="true">
        {day}
        {sign}
      </span>
      <span className="sr-only">{words}</span>
    </>
  );
  return (
    <li className={`${common} ${status === 'completed' ? GOOD : isBad ? BAD : 'bg-accent-soft'}`} title={words}>
      {run === null ? (
        content
      ) : (
        <Link href={pages.night(night.kind, run)} className="flex size-full items-center justify-center">
          {content}
        </Link>
      )}
    </li>
  );
}
