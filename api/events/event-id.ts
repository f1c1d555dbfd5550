import { HoldfastError } from '../../shared/errors.ts';

/**
 * Where a stream stands: what came before the change numbered `change` has been told, and of that change itself the points of the
 * bars before `bar`. Both come from the rows, so that a position means the same in every process and after every restart.
 */
export interface Position {
  change: number;
  bar: number;
}

const DIGITS = 12;
const SHAPE = /^(\d{12})-(\d{12})$/;

/** A position as an event's id: of fixed length, so that ids also rise as text. */
export function toEventId({ change, bar }: Position): string {
  return `${String(change).padStart(DIGITS, '0')}-${String(bar).padStart(DIGITS, '0')}`;
}

/** Fails with `invalid_request` for anything that is not an event's id. */
export function readEventId(text: string): Position {
  const [, change, bar] = SHAPE.exec(text) ?? [];
  if (change !== undefined && bar !== undefined) return { change: Number(change), bar: Number(bar) };
  const message = 'is not the id of an event; send one as it came, or leave it out to begin anew';
  throw new HoldfastError('invalid_request', 'The events to go on after could not be found.', {
    faults: [{ path: 'lastEventId', message }],
  });
}

/** True when `a` comes after `b`. */
export function isAfter(a: Position, b: Position): boolean {
  return a.change === b.change ? a.bar > b.bar : a.change > b.change;
}
