export type Part = Readonly<Record<string, unknown>>;

export function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parts that become empty go away, too, so that the text shows what was chosen only. */
export function changedAt(part: Part, [name, ...rest]: readonly string[], value: unknown): Part {
  const { [name!]: before, ...others } = part;
  const inner = isPart(before) ? before : {};
  const next = rest.length === 0 ? value : changedAt(inner, rest, value);
  const isEmpty = next === undefined || (value === undefined && rest.length > 0 && isPart(next) && Object.keys(next).length === 0);
  if (isEmpty) return others;
  return name! in part
    ? Object.fromEntries(Object.entries(part).map(([key, each]) => [key, key === name ? next : each]))
    : { ...part, [name!]: next };
}
