/**
 * One text for one value: keys sorted, no white space, `undefined` members left out. Hashes and Idempotency-Key
 * fingerprints are taken over this text, so that the order in which a client writes its keys does not matter.
 */
export function canonicalJson(value: unknown): string {
  // As JSON.stringify does, in a fraction of its time: tables are numbers for the most part.
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return value.every(isPlain) ? JSON.stringify(value) : `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value !== 'object';
}
