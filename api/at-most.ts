/** Lets at most `count` pieces of work be under way at once; the others wait in line. */
export function atMost(count: number): <Value>(work: () => Promise<Value>) => Promise<Value> {
  const line: (() => void)[] = [];
  let free = count;
  return async (work) => {
    if (free === 0) await new Promise<void>((enter) => line.push(enter));
    else free--;
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next) next();
      else free++;
    }
  };
}
