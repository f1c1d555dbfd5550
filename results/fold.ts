/** Text in the form that searches compare: case and width do not count. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
