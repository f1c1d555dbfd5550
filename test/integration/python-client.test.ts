import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, inject, it } from 'vitest';
import * as z from 'zod';
import { PYTHON_CLIENT, pythonEnvironment } from '../rig/python.ts';
import { startService, type Service } from '../rig/service.ts';

/** Its own tests (clients/python/tests) against a service of its own, each of them shown here. */
const environment = await pythonEnvironment();
const names = 'missing' in environment ? [] : await collected(environment);

/** Some ten seconds; a busy machine takes longer. */
const PYTEST_MS = 240_000;

const Outcome = z.object({ id: z.string(), outcome: z.enum(['passed', 'failed', 'skipped']), text: z.string() });
type Outcome = z.infer<typeof Outcome>;

describe('the Python client', () => {
  if ('missing' in environment) {
    it('passes its own tests', (context) => context.skip(environment.missing));
    return;
  }
  const { folder, python } = environment;
  let service: Service;
  let restarts: Server;
  let scratch: string;
  let outcomes: Outcome[] = [];
  let printed = '';

  beforeAll(async () => {
    scratch = mkdtempSync(path.join(tmpdir(), 'python-client-'));
    service = await startService({ temporalAddress: inject('temporalAddress') });
    await service.startWorker();
    restarts = await restartingOnRequest(service);
    const file = path.join(scratch, 'outcomes');
    const env = {
      ...pythonSettings(folder),
      HOLDFAST_URL: service.url,
      HOLDFAST_TEST_RESTART_URL: `http://127.0.0.1:${(restarts.address() as AddressInfo).port}`,
      HOLDFAST_TEST_OUTCOMES: file,
    };
    const ended = promisify(execFile)(python, ['-m', 'pytest', '--tb=short'], { cwd: PYTHON_CLIENT, env, timeout: PYTEST_MS });
    printed = await ended.then(
      ({ stdout }) => stdout,
      (error: { stdout?: string; stderr?: string }) => `${error.stdout}${error.stderr}`,
    );
    if (existsSync(file))
      outcomes = readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => Outcome.parse(JSON.parse(line)));
  }, PYTEST_MS + 30_000);

  afterAll(async () => {
    restarts?.close();
    await service?.[Symbol.asyncDispose]();
    rmSync(scratch, { recursive: true, force: true });
  });

  it.for(names.map((id) => ({ id, sentence: sentenceOf(id) })))('$sentence', ({ id }, context) => {
    const own = outcomes.filter((outcome) => outcome.id === id);
    if (own.length === 0) throw new Error(`it was not run:\n${printed}`);
    const other = own.find(({ outcome }) => outcome !== 'passed');
    if (other?.outcome === 'skipped') context.skip(other.text);
    if (other !== undefined) throw new Error(other.text);
  });
});

/** What pytest would run. */
async function collected({ folder, python }: { folder: string; python: string }): Promise<string[]> {
  const { stdout } = await promisify(execFile)(python, ['-m', 'pytest', '--collect-only'], {
    cwd: PYTHON_CLIENT,
    env: pythonSettings(folder),
  });
  return stdout.split('\n').filter((line) => line.includes('::'));
}

/** Nothing is written into the sources, nothing drawn on a screen, and no setting of the machine counts. */
function pythonSettings(folder: string): NodeJS.ProcessEnv {
  const { HOLDFAST_URL: _url, HOLDFAST_TOKEN: _token, ...kept } = process.env;
  return { ...kept, PYTHONPYCACHEPREFIX: path.join(folder, 'compiled'), MPLBACKEND: 'Agg', MPLCONFIGDIR: path.join(folder, 'matplotlib') };
}

/** `tests/test_sweeps.py::test_trials_can_be_chosen[csv]` as a sentence. */
function sentenceOf(id: string): string {
  const [file, name] = id.split('::') as [string, string];
  return `${path.basename(file, '.py').replace('test_', '').replaceAll('_', ' ')}: ${name.replace('test_', '').replaceAll('_', ' ')}`;
}

/** Kills the API at each request, and starts it again before it answers. */
async function restartingOnRequest(service: Service): Promise<Server> {
  const server = createServer((_request, response) => {
    void (async () => {
      await service.api.kill('SIGKILL');
      await service.startApi();
      response.writeHead(204).end();
    })();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}
