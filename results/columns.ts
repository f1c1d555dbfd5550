/** Members of a row under the names of its columns: `createdAt` → `created_at`. Members of members stay as they are. */
export function toColumns(row: object): Record<string, unknown> {
  return renamed(row, (member) => member.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

/** The way back: `created_at` → `createdAt`. The database holds only what a `Row` allowed in. */
export function fromColumns<Row>(columns: object): Row {
  return renamed(columns, (column) => column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())) as Row;
}

function renamed(values: object, rename: (name: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [rename(name), value]));
}
