import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive, processMark } from './processes.ts';
import { claimStack } from './stack-file.ts';

const place = { url: 'http://127.0.0.1:4000', ports: { PORT: 4000 } };
let home: string;
let said: string[];
const say = (line: string) => said.push(line);
const started: ChildProcess[] = [];

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'holdfast-home-'));
  said = [];
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(home, { recursive: true });
});

async function sleeper(): Promise<{ pid: number; mark: string }> {
  const child = spawn(process.execPath, ['-e', "setInterval(() => {}, 1000); console.log('up')"], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  await once(child.stdout, 'data');
  return { pid: child.pid!, mark: processMark(child.pid!)! };
}

function leaveBehind(record: object): void {
  const supervisor = { pid: 2 ** 22 + 1, mark: 'gone' };
  writeFileSync(path.join(home, 'stack.json'), JSON.stringify({ ...place, supervisor, stopping: false, children: {}, ...record }));
}

describe('claiming a stack', () => {
  it('ends what a killed supervisor left running, and says so', async () => {
    const [worker, temporal] = [await sleeper(), await sleeper()];
    leaveBehind({ children: { worker, temporal } });
    await claimStack(home, place, say);
    expect([isAlive(worker), isAlive(temporal)]).toEqual([false, false]);
    expect(said).toEqual([expect.stringContaining(`worker (${worker.pid}), temporal (${temporal.pid})`)]);
  });

  it('leaves a process alone that only has the number of an old child', async () => {
    const stranger = await sleeper();
    leaveBehind({ children: { worker: { pid: stranger.pid, mark: 'of an earlier process' } } });
    await claimStack(home, place, say);
    expect(isAlive(stranger)).toBe(true);
    expect(said).toEqual([]);
  });

  it('refuses while another supervisor runs, and says where and what to do', async () => {
    leaveBehind({ supervisor: await sleeper() });
    await expect(claimStack(home, place, say)).rejects.toThrow(/already runs at http:\/\/127\.0\.0\.1:4000 .*\n.*Ctrl-C/);
  });

  it('waits for a supervisor that is stopping', async () => {
    const supervisor = await sleeper();
    leaveBehind({ supervisor, stopping: true });
    const claimed = claimStack(home, place, say);
    process.kill(supervisor.pid);
    await expect(claimed).resolves.toBeDefined();
  });

  it('goes on over a damaged file', async () => {
    writeFileSync(path.join(home, 'stack.json'), '{"supervisor":');
    const record = await claimStack(home, place, say);
    record.child('api', process.pid);
    record.remove();
    expect(existsSync(path.join(home, 'stack.json'))).toBe(false);
  });
});
