import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { expect, inject, it, onTestFinished } from 'vitest';
import { COMPILED } from '../../local/config.ts';
import { freePort } from '../../local/ports.ts';
import { SEARCH_ATTRIBUTES } from '../../shared/names.ts';
import { interpolate, readCompose, type ComposeService } from '../rig/compose.ts';
import { createHttp } from '../rig/http.ts';
import { program, startProcess, type Started } from '../rig/processes.ts';
import { longRun } from '../rig/specs.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const TOKEN = 'a-token-of-the-test';
const NAMESPACE = `compose-${process.pid}`;

/**
 * The services of docker-compose.yml that are ours, started by the commands, settings and health checks that stand there; only names of hosts, folders and ports
 * are those of this machine.
 */
it('the commands and health checks of docker-compose.yml bring up a service that does a run', { timeout: 240_000 }, async () => {
  const home = mkdtempSync(path.join(tmpdir(), 'holdfast-compose-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const { compose } = readCompose();
  const port = await freePort('127.0.0.1');
  const started: Started[] = [];
  onTestFinished(async () => void (await Promise.all(started.map((each) => each.kill('SIGKILL')))));

  async function environmentOf({ environment }: ComposeService): Promise<NodeJS.ProcessEnv> {
    const here: Record<string, string> = {
      '/data': home,
      'temporal:7233': inject('temporalAddress'),
      '0.0.0.0': '127.0.0.1',
      '9400': String(await freePort('127.0.0.1')),
      '4000': String(port),
      holdfast: NAMESPACE,
    };
    const given = Object.entries(environment).map(([name, value]) => {
      const text = interpolate(value, { API_TOKEN: TOKEN, POSTGRES_PASSWORD: 'unused' });
      return [name, here[text] ?? text];
    });
    const queue = { HOLDFAST_TASK_QUEUE: NAMESPACE, NODE_COMPILE_CACHE: COMPILED, PATH: process.env['PATH'] };
    return { ...queue, ...Object.fromEntries(given) } as NodeJS.ProcessEnv;
  }

  const isReady = ({ healthcheck }: ComposeService, env: NodeJS.ProcessEnv): boolean => {
    if (healthcheck === undefined || !('test' in healthcheck)) throw new Error('a service without a health check');
    const [kind, , ...args] = healthcheck.test;
    expect(kind).toBe('CMD');
    return spawnSync(process.execPath, args, { cwd: ROOT, env }).status === 0;
  };

  async function outputOf(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ status: number; output: string }> {
    const child = spawn(process.execPath, args, { cwd: ROOT, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
    const [status] = (await once(child, 'close')) as [number];
    return { status, output };
  }

  // Twice: after a change of version it comes again.
  const provision = compose.services['provision']!;
  for (const said of [/Namespace .* made; ended workflows are kept for 30 days[^]*RunOwner/, /^The namespace \S+ is ready\.\n$/]) {
    const { status, output } = await outputOf(provision.command.slice(1), await environmentOf(provision));
    expect(output).toMatch(said);
    expect(status).toBe(0);
  }

  const parts = ['api', 'control', 'fetch', 'simulate'].map((name) => ({ name, service: compose.services[name]! }));
  await Promise.all(
    parts.map(async ({ name, service }) => {
      const [command, file, ...args] = service.command;
      expect(command).toBe('node');
      const env = await environmentOf(service);
      const plan = program(path.join(ROOT, file!), env, path.join(home, `${name}.log`));
      const child = await startProcess({ ...plan, args: [...plan.args, ...args], ipc: false }, async () => {
        while (!isReady(service, env)) await delay(200);
      });
      started.push(child);
    }),
  );

  const http = createHttp(`http://127.0.0.1:${port}`, () => undefined, TOKEN);
  const { id } = await http.submit(longRun(1));
  expect((await http.completed(id)).metrics).toBeDefined();

  const connection = await Connection.connect({ address: inject('temporalAddress') });
  onTestFinished(() => connection.close());
  const { status } = await new Client({ connection, namespace: NAMESPACE }).workflow.getHandle(`backtest/${id}`).describe();
  expect(status.name).toBe('COMPLETED');
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: NAMESPACE });
  expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(Object.keys(SEARCH_ATTRIBUTES)));

  const settings = { ...(await environmentOf(provision)), HOLDFAST_URL: `http://127.0.0.1:${port}` };
  const well = await outputOf(['worker/doctor.ts'], settings);
  expect(well.output).toMatch(/ok +Search attributes: all 6[^]*ok +Workers of \S+-trials: simulate@/);
  expect(well.output).not.toContain('BAD');
  expect(well.status).toBe(0);

  for (const child of started) await child.kill('SIGTERM');
  expect(started.map((child) => child.process.exitCode)).toEqual([0, 0, 0, 0]);

  const ill = await outputOf(['worker/doctor.ts'], { ...settings, TEMPORAL_ADDRESS: `127.0.0.1:${port}`, HOLDFAST_HOME: '/dev/null/home' });
  expect(ill.output).toMatch(/BAD +Rows: [^]*HOLDFAST_HOME[^]*BAD +API: [^]*npm run api[^]*BAD +Temporal: [^]*TEMPORAL_ADDRESS/);
  expect(ill.status).toBe(1);
});
