import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../local/ports.ts';
import { processMark } from '../../local/processes.ts';
import { findTemporalCli } from '../../local/temporal-cli.ts';

const PROJECT = path.resolve(import.meta.dirname, '../..');
const STAYS = /stays up until Ctrl-C/;

let home: string;
let env: NodeJS.ProcessEnv;
const started: ChildProcess[] = [];

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'holdfast-start-'));
  const cacheFolder = path.join(PROJECT, '.holdfast/cache');
  const cli = await findTemporalCli({ env: process.env, cacheFolder, say: () => {} });
  const [PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT] = (await Promise.all([1, 2, 3].map(() => freePort('127.0.0.1')))).map(String);
  const { TEMPORAL_ADDRESS: _given, ...own } = process.env;
  env = { ...own, HOLDFAST_HOME: home, TEMPORAL_CLI_PATH: cli, PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT, LOG_LEVEL: 'warn' };
});
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

interface Start {
  child: ChildProcess;
  /** Everything written so far. */
  output: () => string;
  /** Resolves when a line matches. */
  says: (pattern: RegExp) => Promise<void>;
  exit: Promise<unknown[]>;
}

function start(...args: string[]): Start {
  const child = spawn(process.execPath, ['local/main.ts', ...args], { cwd: PROJECT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  const lines: string[] = [];
  const output = (): string => lines.join('\n');
  const exit = once(child, 'exit');
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', (line) => lines.push(line));
  const says = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(output())) {
      const over = await Promise.race([once(child.stdout, 'data'), exit.then(() => 'over')]);
      if (over === 'over' && !pattern.test(output())) throw new Error(`It ended without saying ${pattern}:\n${output()}`);
    }
  };
  return { child, output, says, exit };
}

function childPids(): Record<string, number> {
  const { children } = JSON.parse(readFileSync(path.join(home, 'stack.json'), 'utf8')) as { children: Record<string, { pid: number }> };
  return Object.fromEntries(Object.entries(children).map(([name, { pid }]) => [name, pid]));
}

/** Names of those that are still there. */
function alive(pids: Record<string, number>): string[] {
  return Object.keys(pids).filter((name) => processMark(pids[name]!) !== null);
}

describe('npm start', { timeout: 180_000 }, () => {
  it('runs the example at the first start, and Ctrl-C leaves nothing running', async () => {
    const first = start();
    await first.says(STAYS);
    expect(first.output()).toMatch(/Total return .*%/);
    expect(first.output()).toContain(`http://127.0.0.1:${env.PORT}/docs`);
    expect(first.output()).toContain(`http://127.0.0.1:${env.TEMPORAL_UI_PORT}`);
    const pids = childPids();
    expect(Object.keys(pids).sort()).toEqual(['api', 'temporal', 'worker']);
    first.child.kill('SIGINT');
    expect(await first.exit).toEqual([0, null]);
    expect(alive(pids)).toEqual([]);
  });

  it('keeps the runs, refuses a second one beside it, brings back a worker that dies, and after kill -9 ends its own orphans', async () => {
    const second = start();
    await second.says(STAYS);
    expect(second.output()).toMatch(/Runs from earlier: 1;/);
    const rival = start();
    expect(await rival.exit).toEqual([1, null]);
    expect(rival.output()).toMatch(/already runs at .*\n.*Ctrl-C/);

    process.kill(childPids().worker!, 'SIGKILL');
    await second.says(/worker was ended by SIGKILL; starting it again/);
    await second.says(/worker is back/);

    const orphans = childPids();
    second.child.kill('SIGKILL');
    await second.exit;
    const third = start('--once');
    await third.says(/The last start was killed and left .*temporal/);
    expect(await third.exit).toEqual([0, null]);
    expect(third.output()).toMatch(/Runs from earlier: 1;[^]*Total return/);
    expect(alive(orphans)).toEqual([]);
  });
});
