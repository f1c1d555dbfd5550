/** A fault that a double is to show, `times` times. */
export interface FaultDouble {
  /** Of `METHOD path`, or the name of a gRPC method. */
  match: RegExp;
  times: number;
  /** HTTP status and reason. */
  status?: number;
  reason?: string;
  message?: string;
  headers?: Record<string, string>;
  /** Waits so long before the answer, ms. */
  delayMs?: number;
  /** The connection is cut in the middle of the answer. */
  cut?: boolean;
  /** Code of gRPC. */
  code?: number;
  /** Rows of a stream that come before the code. */
  afterRows?: number;
}

/** The faults that are still to be shown. */
export function createFaults() {
  const faults: FaultDouble[] = [];
  return {
    add: (...more: FaultDouble[]) => void faults.push(...more),
    clear: () => void faults.splice(0),
    /** Takes the next fault for a call; undefined without one. */
    take(call: string): FaultDouble | undefined {
      const fault = faults.find(({ match, times }) => times > 0 && match.test(call));
      if (fault) fault.times -= 1;
      return fault;
    },
    left: () => faults.reduce((sum, { times }) => sum + times, 0),
  };
}
export type Faults = ReturnType<typeof createFaults>;
