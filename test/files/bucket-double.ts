/** What goes wrong with requests whose line in the log matches, so many times. */
export interface DoubleFault {
  match: RegExp;
  times: number;
  status?: number;
  /** Bytes after which the connection is cut. */
  cutAt?: number;
}

/** A test double of a bucket, whatever protocol it speaks. */
export interface BucketDouble extends AsyncDisposable {
  endpoint: string;
  path(prefix: string): string;
  put(key: string, body: Uint8Array): void;
  /** `list`, or `get KEY RANGE`. */
  log: string[];
  fail(fault: DoubleFault): void;
}

/** Notes requests, and says what goes wrong with each. */
export function createScript() {
  const log: string[] = [];
  const faults: DoubleFault[] = [];
  return {
    log,
    fail: (fault: DoubleFault) => void faults.push(fault),
    /** A list where there is no key. */
    take(key: string, range = ''): DoubleFault | undefined {
      const line = key === '' ? 'list' : `get ${key} ${range}`.trim();
      log.push(line);
      const [fault] = faults;
      if (fault === undefined || !fault.match.test(line)) return undefined;
      if (--fault.times === 0) faults.shift();
      return fault;
    },
  };
}
