/** The points of the equity curve since they were last taken. Public arrays, because the simulation's innermost loops write to them. */
export interface CurveLog {
  length: number;
  equity: Float64Array;
  cash: Float64Array;
  exposure: Float64Array;
}

export function createCurveLog(): CurveLog {
  return { length: 0, equity: new Float64Array(0), cash: new Float64Array(0), exposure: new Float64Array(0) };
}

/** Makes room for `count` more points. Grows by half at least, so that many small steps cost no more than one large one. */
export function reserve(log: CurveLog, count: number): void {
  const needed = log.length + count;
  if (needed <= log.equity.length) return;
  const capacity = Math.max(needed, Math.ceil(log.equity.length * 1.5));
  log.equity = grown(log.equity, capacity);
  log.cash = grown(log.cash, capacity);
  log.exposure = grown(log.exposure, capacity);
}

/** Makes the last point one of cash only. */
export function settleLast(log: CurveLog, cash: number): void {
  const last = log.length - 1;
  log.equity[last] = cash;
  log.cash[last] = cash;
  log.exposure[last] = 0;
}

/** Hands the points over and starts afresh: the arrays belong to the caller from here on. */
export function takePoints(log: CurveLog): Pick<CurveLog, 'equity' | 'cash' | 'exposure'> {
  const { length, equity, cash, exposure } = log;
  Object.assign(log, createCurveLog());
  return { equity: equity.subarray(0, length), cash: cash.subarray(0, length), exposure: exposure.subarray(0, length) };
}

function grown(column: Float64Array, capacity: number): Float64Array {
  const larger = new Float64Array(capacity);
  larger.set(column);
  return larger;
}
