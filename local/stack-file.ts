import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { LocalError } from './local-error.ts';
import { type SeenProcess, endProcess, isAlive, processMark } from './processes.ts';

const Seen = z.object({ pid: z.int(), mark: z.string() });

/** `<home>/stack.json`: who runs the stack of this home, so that a second start finds the first one, or what a killed one left behind. */
const StackFile = z.object({
  supervisor: Seen,
  stopping: z.boolean(),
  url: z.string(),
  ports: z.record(z.string(), z.int()),
  children: z.record(z.string(), Seen),
});
type StackFile = z.infer<typeof StackFile>;

export interface StackRecord {
  /** Notes the process that runs as `name` now. */
  child: (name: string, pid: number) => void;
  stopping: () => void;
  /** Nothing is left running. */
  remove: () => void;
}

/** The other one may just be noticing that its terminal is gone. */
const NOTICE_MS = 2_500;
const STOP_MS = 40_000;
const ORPHAN_PATIENCE_MS = 5_000;

/**
 * Claims the stack of `home`. Throws when another process runs it; ends what a killed one left behind.
 * `say` is told about the latter.
 */
export async function claimStack(
  home: string,
  { url, ports }: Pick<StackFile, 'url' | 'ports'>,
  say: (line: string) => void,
): Promise<StackRecord> {
  const file = path.join(home, 'stack.json');
  if (existsSync(file)) {
    const before = read(file);
    if (before !== null) await waitForEnd(file, before);
    if (before !== null) await endOrphans(before, say);
    rmSync(file, { force: true });
  }
  const state: StackFile = { supervisor: seen(process.pid), stopping: false, url, ports, children: {} };
  claim(file, state);
  const save = (): void => write(file, state);
  return {
    child(name, pid) {
      state.children[name] = seen(pid);
      save();
    },
    stopping() {
      state.stopping = true;
      save();
    },
    remove: () => rmSync(file, { force: true }),
  };
}

/** Two starts in the same moment: only one creates the file. */
function claim(file: string, state: StackFile): void {
  try {
    writeFileSync(file, JSON.stringify(state), { flag: 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw alreadyRunning(read(file) ?? state);
    throw error;
  }
}

async function waitForEnd(file: string, before: StackFile): Promise<void> {
  const begun = Date.now();
  while (isAlive(before.supervisor)) {
    const patience = read(file)?.stopping ? STOP_MS : NOTICE_MS;
    if (Date.now() - begun > patience) throw alreadyRunning(before);
    await delay(100);
  }
}

function alreadyRunning({ url, supervisor }: StackFile): LocalError {
  return new LocalError(
    [
      `Holdfast already runs at ${url} (process ${supervisor.pid}).`,
      'Use that one, stop it with Ctrl-C where it runs, or start a second one with other ports and its own folder:',
      '  HOLDFAST_HOME=/some/folder PORT=4001 TEMPORAL_PORT=7234 TEMPORAL_UI_PORT=8234 npm start',
    ].join('\n'),
  );
}

/** Temporal goes last, so that a worker can still report where it stopped. */
async function endOrphans({ children }: StackFile, say: (line: string) => void): Promise<void> {
  const alive = Object.entries(children).filter(([, child]) => isAlive(child));
  if (alive.length === 0) return;
  say(`The last start was killed and left ${alive.map(([name, { pid }]) => `${name} (${pid})`).join(', ')} running; ending that.`);
  const temporal = alive.filter(([name]) => name === 'temporal');
  const others = alive.filter(([name]) => name !== 'temporal');
  for (const group of [others, temporal]) await Promise.all(group.map(([, child]) => endProcess(child, ORPHAN_PATIENCE_MS)));
}

function seen(pid: number): SeenProcess {
  return { pid, mark: processMark(pid) ?? '' };
}

function read(file: string): StackFile | null {
  try {
    return StackFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

function write(file: string, state: StackFile): void {
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
}
