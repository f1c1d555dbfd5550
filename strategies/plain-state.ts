/** Deeper than any state should be, and shallow enough to be walked by calls. */
const MAX_DEPTH = 100;
const PLAIN = new Set(['number', 'string', 'boolean']);

interface Place {
  path: string;
  seen: Set<object>;
  depth: number;
}

/**
 * What in a value would not come back the same from a checkpoint, as `state.orders[3] is a Map`; null where all would. Checkpoints keep every
 * number, NaN and -0 too; an object that is there twice would come back as two.
 */
export function notPlain(value: unknown, path: string): string | null {
  return walk(value, { path, seen: new Set(), depth: 0 });
}

function walk(value: unknown, place: Place): string | null {
  if (value === null || PLAIN.has(typeof value)) return null;
  const { path, seen, depth } = place;
  if (typeof value !== 'object') return `${path} is ${value === undefined ? 'undefined: write null' : `a ${typeof value}`}`;
  if (seen.has(value)) return `${path} is an object that is there twice`;
  if (depth === MAX_DEPTH) return `${path} lies more than ${MAX_DEPTH} levels deep`;
  if (!isListOrRecord(value)) return `${path} is a ${value.constructor.name}`;
  seen.add(value);
  return walkMembers(value, place);
}

function walkMembers(value: object, { path, seen, depth }: Place): string | null {
  const isList = Array.isArray(value);
  for (const [key, member] of isList ? value.entries() : Object.entries(value)) {
    const fault = walk(member, { path: isList ? `${path}[${key}]` : `${path}.${key}`, seen, depth: depth + 1 });
    if (fault !== null) return fault;
  }
  return null;
}

function isListOrRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
