/** A place in the specs at which they are not all the same: what stands there in each; undefined where nothing does. */
export interface Difference {
  path: string;
  values: (string | undefined)[];
}

/** Where specs differ, in the order in which they say it. A list counts as one value. */
export function specDifferences(specs: readonly object[]): Difference[] {
  const flat = specs.map((spec) => flattened(spec));
  const paths = new Set(flat.flatMap((each) => [...each.keys()]));
  return [...paths]
    .map((path) => ({ path, values: flat.map((each) => each.get(path)) }))
    .filter(({ values }) => values.some((value) => value !== values[0]));
}

function flattened(value: unknown, path = '', into = new Map<string, string>()): Map<string, string> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    for (const [name, part] of Object.entries(value)) flattened(part, path === '' ? name : `${path}.${name}`, into);
  else if (value !== undefined) into.set(path, typeof value === 'string' ? value : JSON.stringify(value));
  return into;
}
