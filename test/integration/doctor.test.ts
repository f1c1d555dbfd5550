import { execFile } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { startService, type Service } from '../rig/service.ts';

const HOLDFAST = path.resolve(import.meta.dirname, '../../bin/holdfast');

let service: Service;
beforeAll(async () => {
  service = await startService({ temporalAddress: inject('temporalAddress') });
  await service.startWorker();
});
afterAll(() => service?.[Symbol.asyncDispose]());

interface Answer {
  status: number;
  stdout: string;
  stderr: string;
}

/** `holdfast doctor`, as somebody who has set what the service of the test was given. */
function doctor(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Answer> {
  const { home, url, taskQueue } = service;
  const settings = { HOLDFAST_HOME: home, HOLDFAST_URL: url, HOLDFAST_TASK_QUEUE: taskQueue, TEMPORAL_ADDRESS: inject('temporalAddress') };
  return new Promise((resolve) => {
    execFile(HOLDFAST, ['doctor', ...args], { env: { ...process.env, ...settings, ...env } }, (error, stdout, stderr) =>
      resolve({ status: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

it('says of each dependency that it is well', async () => {
  const { status, stdout, stderr } = await doctor();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const looked = stdout.trim().split('\n');
  expect(looked.filter((line) => !/^ok {3}[A-Z][^:]+: ./.test(line))).toEqual([]);
  const what = looked.map((line) => /^ok {3}([^:]+):/.exec(line)?.[1]);
  const known = [
    'Rows',
    'Files',
    'Disk',
    'Sources of bars',
    'API',
    'Sign-in',
    'Temporal',
    'Namespace',
    'Search attributes',
    'Own schedules',
  ];
  expect(what).toEqual([...known, ...['', '-fetch', '-simulate', '-trials'].map((queue) => `Workers of ${service.taskQueue}${queue}`)]);
});

it('names what is not well with its remedy, also for programs, and ends with 1', async () => {
  const { status, stdout } = await doctor(['--json', '--url', 'http://127.0.0.1:1'], { TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(status).toBe(1);
  const findings = JSON.parse(stdout) as { what: string; ok: boolean; remedy: string | null }[];
  expect(findings.filter(({ ok }) => !ok)).toEqual([
    expect.objectContaining({ what: 'API', remedy: expect.stringContaining('npm run api') }),
    expect.objectContaining({ what: 'Sign-in', remedy: expect.stringContaining('HOLDFAST_TOKEN') }),
    expect.objectContaining({ what: 'Temporal', remedy: expect.stringContaining('TEMPORAL_ADDRESS') }),
  ]);
});

it('says which setting is wrong', async () => {
  const { status, stderr } = await doctor([], { HOLDFAST_SLOTS: 'many' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/settings are not valid[^]*HOLDFAST_SLOTS/);
});

it('says which worker to start where nobody serves a queue', async () => {
  const { status, stdout } = await doctor([], { HOLDFAST_TASK_QUEUE: 'nobody-serves-it' });
  expect(status).toBe(1);
  expect(stdout).toMatch(
    /BAD {2}Workers of nobody-serves-it-simulate: nobody serves it\n {6}Start one: node worker\/main.ts --role simulate/,
  );
});
