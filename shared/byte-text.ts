/** Bytes for people, as BigQuery counts them: 1.25 GiB. */
export function inGibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
}
