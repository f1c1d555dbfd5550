/** Text in the form that searches compare: case and width do not count. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** As much of a name as is searched: folded, one letter can become eighteen, and an index takes no row of 2,700 bytes. */
const SEARCHED = 200;

export function foldName(name: string): string {
  return fold(name).slice(0, SEARCHED).toWellFormed();
}
