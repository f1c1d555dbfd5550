import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { endProcess, isAlive, processMark } from './processes.ts';

const started: ChildProcess[] = [];
afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')));

/** A process that prints a line once it listens for SIGTERM, and ignores it when told so. */
async function start({ ignoresSigterm = false } = {}): Promise<{ pid: number; mark: string; exit: Promise<unknown[]> }> {
  const code = `${ignoresSigterm ? "process.on('SIGTERM', () => {});" : ''} setInterval(() => {}, 1000); console.log('up')`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  const exit = once(child, 'exit');
  await once(child.stdout, 'data');
  return { pid: child.pid!, mark: processMark(child.pid!)!, exit };
}

describe('a process that was seen', () => {
  it('is alive until it has ended', async () => {
    const seen = await start();
    expect(isAlive(seen)).toBe(true);
    await endProcess(seen, 5_000);
    expect(isAlive(seen)).toBe(false);
    expect(await seen.exit).toEqual([null, 'SIGTERM']);
  });

  it('is killed when it does not end in time', async () => {
    const seen = await start({ ignoresSigterm: true });
    await endProcess(seen, 100);
    expect(await seen.exit).toEqual([null, 'SIGKILL']);
  });

  it('is not confused with another one that got its number', async () => {
    const other = await start();
    await endProcess({ pid: other.pid, mark: 'of an earlier process' }, 0);
    expect(isAlive(other)).toBe(true);
  });
});
