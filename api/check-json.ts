import { HoldfastError, type Fault } from '../shared/errors.ts';

/** Far deeper than any request; what walks a body calls itself once a level. */
const MAX_DEPTH = 64;

/**
 * What is wrong with any body, or null: `malformed_request` for one that is nested deeper than any request, `invalid_request` with every text and name that no
 * database could keep, because of a NUL or of half a character (a lone surrogate).
 */
export function unfitJson(body: unknown): HoldfastError | null {
  const faults: Fault[] = [];
  const open: { value: unknown; path: readonly string[] }[] = [{ value: body, path: [] }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { value, path } = at;
    if (typeof value === 'string' && !isText(value)) faults.push(faultAt(path));
    if (typeof value !== 'object' || value === null) continue;
    if (path.length >= MAX_DEPTH)
      throw new HoldfastError(
        'malformed_request',
        `The body is nested more than ${MAX_DEPTH} deep. No request needs that: send a flatter one.`,
      );
    for (const [name, each] of Object.entries(value)) {
      if (!isText(name)) faults.push(faultAt(path));
      open.push({ value: each, path: [...path, name] });
    }
  }
  if (faults.length === 0) return null;
  return new HoldfastError('invalid_request', 'Correct what "errors" lists and send the request again.', { faults: faults.reverse() });
}

function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function faultAt(path: readonly string[]): Fault {
  return {
    path: path.map((name) => name.toWellFormed()).join('.'),
    message: 'holds a NUL or half a character (a lone surrogate): take it out',
  };
}
