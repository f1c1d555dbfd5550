import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChildPlan, superviseChild } from './supervised-child.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-child-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A child that runs `code`, is ready when it sends a message, and can be watched. */
function start(code: string, change: Partial<ChildPlan> = {}) {
  const said: string[] = [];
  const pids: number[] = [];
  const plan: ChildPlan = {
    name: 'worker',
    command: process.execPath,
    args: ['-e', code],
    env: process.env,
    logFile: path.join(folder, 'worker.log'),
    ipc: true,
    niceness: 0,
    ready: async (child, signal) => void (await once(child, 'message', { signal })),
    stopWithinMs: 5_000,
    ...change,
  };
  const back = Promise.withResolvers<void>();
  const say = (line: string): void => {
    said.push(line);
    if (line.includes('is back')) back.resolve();
  };
  return { child: superviseChild(plan, { say, started: (pid) => pids.push(pid) }), said, pids, back: back.promise };
}

const READY = "process.send('ready'); setInterval(() => {}, 1000);";

describe('a supervised child', () => {
  it('is started again when it dies, and says so', async () => {
    const { child, said, pids, back } = start(READY);
    await child.ready;
    process.kill(pids[0]!, 'SIGKILL');
    await back;
    expect(said[0]).toMatch(/worker was ended by SIGKILL; starting it again in 0\.5 s \(log: .*worker\.log\)/);
    expect(pids).toHaveLength(2);
    await child.stop();
    expect(() => process.kill(pids[1]!, 0)).toThrow('ESRCH');
  });

  it('is given up with its last words when it never gets ready', async () => {
    const { child, pids } = start("console.error('the port is taken'); process.exit(3)");
    await expect(child.ready).rejects.toThrow(/worker ended with status 3, 3 times in a row[^]*the port is taken/);
    expect(pids).toHaveLength(3);
    await child.stop();
  });

  it('is given up when there is no such command', async () => {
    const { child } = start('', { command: path.join(folder, 'nothing') });
    await expect(child.ready).rejects.toThrow(/could not be started: .*ENOENT/);
    await child.stop();
  });

  it('is killed when it does not stop in time', async () => {
    const { child, pids } = start(`process.on('SIGTERM', () => console.log('asked')); ${READY}`, { stopWithinMs: 200 });
    await child.ready;
    await child.stop();
    expect(readFileSync(path.join(folder, 'worker.log'), 'utf8')).toBe('asked\n');
    expect(() => process.kill(pids[0]!, 0)).toThrow('ESRCH');
  });

  it('runs at the priority it was given', async () => {
    const { child, pids } = start(READY, { niceness: 10 });
    await child.ready;
    expect(getPriority(pids[0])).toBe(10);
    await child.stop();
  });
});
