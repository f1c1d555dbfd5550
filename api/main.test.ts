import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

describe('api/main.ts', () => {
  let home: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'home-'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(home, { recursive: true });
  });

  const start = (env: NodeJS.ProcessEnv): ChildProcess => {
    const settings = { PATH: process.env['PATH'], HOLDFAST_HOME: home, TEMPORAL_ADDRESS: '127.0.0.1:1', PORT: '0', ...env };
    const child = fork(join(import.meta.dirname, 'main.ts'), { env: settings, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    children.push(child);
    return child;
  };
  const addressOf = async (child: ChildProcess): Promise<string> => {
    for await (const part of child.stdout!) {
      const address = /listening at (http:\/\/[\d.:]+)/.exec(String(part))?.[1];
      if (address !== undefined) return address;
    }
    throw new Error('ended before it was listening');
  };
  const exitOf = async (child: ChildProcess): Promise<unknown> => (await once(child, 'exit'))[0];

  it('serves reads while Temporal is away, and ends when its supervisor goes away', async () => {
    const child = start({ HOLDFAST_SUPERVISED: '1' });
    const address = await addressOf(child);
    child.stdout!.resume();
    expect((await fetch(`${address}/v1/backtests`)).status).toBe(200);
    const exit = exitOf(child);
    child.disconnect();
    expect(await exit).toBe(0);
  });

  it('ends on SIGTERM with status 0', async () => {
    const child = start({});
    await addressOf(child);
    child.stdout!.resume();
    const exit = exitOf(child);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
  });

  it('tells every fault of its settings and ends with status 1', async () => {
    const child = start({ HOST: '0.0.0.0', LOG_LEVEL: 'loud' });
    const [message, status] = await Promise.all([text(child.stderr!), exitOf(child)]);
    expect(status).toBe(1);
    expect(message).toMatch(/LOG_LEVEL: /);
    expect(message).toMatch(/HOST: can be reached from other machines: set API_TOKEN/);
    expect(message).not.toMatch(/ at .*\.ts/);
  });

  it('says what to do when its port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const child = start({ PORT: String(typeof address === 'object' ? address?.port : '') });
    const [message, status] = await Promise.all([text(child.stderr!), exitOf(child)]);
    server.close();
    expect(status).toBe(1);
    expect(message).toContain('The port is in use. End what uses it, or set PORT to another one.');
  });
});
