import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../local/ports.ts';
import { findTemporalCli } from '../../local/temporal-cli.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PAGE = readFileSync(path.join(ROOT, 'docs/tutorial.md'), 'utf8');
const [START, ...BLOCKS] = [...PAGE.matchAll(/```sh\n([^]*?)```/g)].map(([, block]) => block!);
const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g;

let folder: string;
let env: NodeJS.ProcessEnv;
let stack: ChildProcess;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-tutorial-'));
  // As it looks in a clone; what the commands write must not be left in this one.
  mkdirSync(path.join(folder, 'bin'));
  symlinkSync(path.join(ROOT, 'bin/holdfast'), path.join(folder, 'bin/holdfast'));
  symlinkSync(path.join(ROOT, 'examples'), path.join(folder, 'examples'));
  const cli = await findTemporalCli({ env: process.env, cacheFolder: path.join(ROOT, '.holdfast/cache'), say: () => {} });
  const [PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT] = (await Promise.all([1, 2, 3].map(() => freePort('127.0.0.1')))).map(String);
  const { TEMPORAL_ADDRESS: _given, ...own } = process.env;
  const HOLDFAST_HOME = path.join(folder, '.holdfast');
  env = { ...own, HOLDFAST_HOME, TEMPORAL_CLI_PATH: cli, PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT, HOLDFAST_PAGE: 'off', LOG_LEVEL: 'warn' };
  stack = spawn('sh', ['-c', `exec ${START}`], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  for await (const said of stack.stdout!) if (/stays up until Ctrl-C/.test(String(said))) break;
}, 180_000);

afterAll(async () => {
  if (stack.exitCode === null) {
    process.kill(-stack.pid!, 'SIGINT');
    await once(stack, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

interface Done {
  status: number | null;
  output: string;
}

async function shell(script: string): Promise<Done> {
  // Where the ports are those of the page, nothing has to be set.
  const there = { HOLDFAST_URL: `http://127.0.0.1:${env['PORT']}`, TEMPORAL_ADDRESS: `127.0.0.1:${env['TEMPORAL_PORT']}` };
  const child = spawn('sh', ['-euc', script], { cwd: folder, env: { ...env, ...there }, stdio: ['ignore', 'pipe', 'pipe'] });
  const written = Promise.all([text(child.stderr), text(child.stdout)]);
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, output: (await written).join('') };
}

/** Commands of the page, each with what it must say. An id is what a command before has named first. */
const SAID = [
  /ok {3}Rows[^]*ok {3}Workers of/,
  /completed[^]*Sharpe ratio/,
  /entry/i,
  /upload:prices/,
  /sharpe/i,
  /days/,
  /running|queued/,
  /cancel/,
  /Every night/,
];

it('each command does what the tutorial says', { timeout: 180_000 }, async () => {
  expect(BLOCKS).toHaveLength(SAID.length);
  let id = '';
  for (const [k, block] of BLOCKS.entries()) {
    for (const command of commandsOf(block)) {
      const { status, output } = await shell(theWorkerOf(command).replaceAll(/\bID\b/g, id));
      expect({ command, status, output }).toMatchObject({ status: 0 });
      if (/holdfast (run|sweep run|schedule create) /.test(command)) [id] = output.match(UUID)!;
      said.push(output);
    }
    expect(said.splice(0).join('\n')).toMatch(SAID[k]!);
  }
  expect(readFileSync(path.join(folder, 'report.html'), 'utf8')).toContain('</html>');
  expect(readFileSync(path.join(folder, 'trials.csv'), 'utf8').split('\n').length).toBeGreaterThan(100);
  // The night that was asked for ends as any sweep.
  for (let night = ''; !night.includes('completed'); await delay(200)) night = (await shell(`bin/holdfast schedule runs ${id}`)).output;
});

const said: string[] = [];

/** A file that a block writes belongs to the command that writes it. */
function commandsOf(block: string): string[] {
  return block.split(/\n(?=bin\/|kill)/).map((command) => command.trim());
}

/** Workers of other tests are there, too: of those that match, the one of this stack is meant. */
function theWorkerOf(command: string): string {
  const { children } = JSON.parse(readFileSync(path.join(env['HOLDFAST_HOME']!, 'stack.json'), 'utf8')) as {
    children: Record<string, { pid: number }>;
  };
  return command.replace('$(pgrep -f worker/main.ts)', String(children['worker']!.pid));
}
