import { canonicalJson } from '../shared/canonical-json.ts';

/**
 * Canonical JSON that gives every number back exactly. JSON has no words for -0, NaN and the infinities: they are written as the strings
 * `#-0`, `#NaN`, `#Infinity` and `#-Infinity`, and a string that starts with `#` gets one more.
 */
export function toExactJson(value: unknown): string {
  return canonicalJson(escape(value, '$'));
}

/** The value of {@link toExactJson}. */
export function fromExactJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith('#')) return value;
    return value.startsWith('##') ? value.slice(1) : Number(value.slice(1));
  });
}

function escape(value: unknown, path: string): unknown {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? value : `#${Object.is(value, -0) ? '-0' : value}`;
  if (typeof value === 'string') return value.startsWith('#') ? `#${value}` : value;
  if (value === null || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return Array.from(value, (item, index) => escape(item, `${path}.${index}`));
  if (!isPlainObject(value)) throw new TypeError(`${path} is not JSON: write typed arrays, dates and maps as plain arrays and objects`);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, escape(member, `${path}.${key}`)]));
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
