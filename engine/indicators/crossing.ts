/** 1 where `a` lies above `b`, -1 where it lies below, 0 where they are equal or one is missing. */
export function order(a: Float64Array, b: Float64Array, i: number): number {
  return +(a[i]! > b[i]!) - +(a[i]! < b[i]!);
}

/** True when `a` goes above `b` at bar `i`: strictly below at the bar before, strictly above now. False where a value is NaN. */
export function crossOver(a: Float64Array, b: Float64Array, i: number): boolean {
  return a[i - 1]! < b[i - 1]! && a[i]! > b[i]!;
}

/** True when `a` goes below `b` at bar `i`: strictly above at the bar before, strictly below now. False where a value is NaN. */
export function crossUnder(a: Float64Array, b: Float64Array, i: number): boolean {
  return a[i - 1]! > b[i - 1]! && a[i]! < b[i]!;
}
