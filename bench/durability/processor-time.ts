import { readFileSync, readdirSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

interface Process {
  pid: number;
  parent: number;
  /** Milliseconds; those of children that have ended and were waited for are in it. */
  spent: number;
}

/** Milliseconds of processor time that processes and all below them have spent. Other programs on the machine do not spoil it, as they do a rate. */
export function processorMs(roots: readonly number[]): number {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readProcess);
  const counted = new Set(roots);
  // A child may have a lower number than its parent.
  for (let before = -1; before < counted.size;) {
    before = counted.size;
    for (const { pid, parent } of all) if (counted.has(parent)) counted.add(pid);
  }
  return all.filter(({ pid }) => counted.has(pid)).reduce((sum, { spent }) => sum + spent, 0);
}

/** Fields of /proc/PID/stat behind the name in brackets, which may hold anything: proc(5). */
function readProcess(pid: string): Process[] {
  try {
    const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) (?!.*\) )/s);
    const fields = rest.split(' ');
    const spent = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_MS;
    return [{ pid: Number(pid), parent: Number(fields[1]), spent }];
  } catch {
    return []; // it has ended
  }
}
