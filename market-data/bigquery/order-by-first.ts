const DIGIT = 65_536;

/** The order in which rows (one after another, `width` values each) have their first values rising; rows of equal ones stay as they are. First values are whole numbers. */
export function orderByFirst(values: Float64Array, rows: number, width: number): Uint32Array {
  let order = new Uint32Array(rows);
  let [lowest, highest] = [Infinity, -Infinity];
  let isSorted = true;
  for (let row = 0; row < rows; row++) {
    const key = values[row * width]!;
    order[row] = row;
    if (key < highest) isSorted = false;
    if (key < lowest) lowest = key;
    if (key > highest) highest = key;
  }
  if (isSorted) return order;
  let next = new Uint32Array(rows);
  // From the least digit to the highest, each pass stable: a sort by comparison takes about ten times as long.
  for (let unit = 1; unit <= highest - lowest; unit *= DIGIT) {
    const ends = new Uint32Array(DIGIT);
    const digit = (row: number) => Math.floor((values[row * width]! - lowest) / unit) % DIGIT;
    for (let i = 0; i < rows; i++) ends[digit(i)]!++;
    for (let d = 1; d < DIGIT; d++) ends[d]! += ends[d - 1]!;
    for (let i = rows - 1; i >= 0; i--) {
      const row = order[i]!;
      next[--ends[digit(row)]!] = row;
    }
    [order, next] = [next, order];
  }
  return order;
}
