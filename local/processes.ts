import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A process that was seen once: a process number alone is used again after its process has ended. */
export interface SeenProcess {
  pid: number;
  /** When it was started; see {@link processMark}. */
  mark: string;
}

/** The moment at which a process was started, as a text to compare; with its number it names one process for good. Null when there is none. */
export function processMark(pid: number): string | null {
  try {
    return process.platform === 'linux' ? linuxMark(pid) : psMark(pid);
  } catch {
    return null;
  }
}

function linuxMark(pid: number): string | null {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // proc(5): the second field is the name in parentheses and may hold blanks; state is field 3, start time field 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z') return null;
  return `${bootId()} ${fields[19]}`;
}

/** Start times count from the boot, so that they repeat after one. */
function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function psMark(pid: number): string {
  const args = ['-o', 'lstart=', '-p', String(pid)];
  return execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

/** True while the very process that was seen, and not another with its number, is alive. */
export function isAlive({ pid, mark }: SeenProcess): boolean {
  return processMark(pid) === mark;
}

/** Ends a process that may not be a child of ours: SIGTERM, after `patienceMs` SIGKILL. Resolves when it is gone. */
export async function endProcess(seen: SeenProcess, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  signal(seen, 'SIGTERM');
  while (isAlive(seen)) {
    if (Date.now() > deadline) signal(seen, 'SIGKILL');
    await delay(30);
  }
}

function signal(seen: SeenProcess, name: NodeJS.Signals): void {
  if (!isAlive(seen)) return;
  try {
    process.kill(seen.pid, name);
  } catch {
    // It ended in between.
  }
}
