/** NaN and infinities (a division by zero, too little data) become null, and -0 becomes 0. */
export function definedOrNull(value: number): number | null {
  return Number.isFinite(value) ? value + 0 : null;
}
