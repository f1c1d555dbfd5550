import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../local/ports.ts';
import { prepareEnvironment } from '../engine/peer-environment.ts';

const HOST = '127.0.0.1';
const READY_MS = 60_000;
const JOBS = path.resolve(import.meta.dirname, '../peers/celery');
/** Debian's packages of the server, with what it needs; unpacked below the cache, nothing is installed. */
const PACKAGES = ['redis-server', 'redis-tools', 'libhiredis0.14', 'liblua5.1-0', 'liblzf1', 'libjemalloc2', 'lua-bitop', 'lua-cjson'];

export interface CeleryStack {
  url: string;
  pids: readonly number[];
  stop(): Promise<void>;
}

/**
 * Flask under gunicorn, Celery with two processes and events, Flower, which reads them (as our side has Temporal Web), and Redis with its
 * defaults. `missing` says why there is none.
 */
export async function startCeleryStack(cache: string, say: (line: string) => void): Promise<CeleryStack | { missing: string }> {
  const environment = prepareEnvironment({ cache, name: 'bench-celery', requirements: path.join(JOBS, 'requirements.txt') }, say);
  if ('missing' in environment) return environment;
  const redis = findRedis(cache);
  if (redis === null) return { missing: 'redis-server is not there, and apt-get could not download it' };
  const files = mkdtempSync(path.join(tmpdir(), 'celery-bench-'));
  const [redisPort, webPort, flowerPort] = [await freePort(HOST), await freePort(HOST), await freePort(HOST)];
  const env = { ...process.env, BENCH_REDIS: `redis://${HOST}:${redisPort}/0`, BENCH_FILES: files, PYTHONDONTWRITEBYTECODE: '1' };
  const children: ChildProcess[] = [];
  const start = (command: string, args: string[], own: NodeJS.ProcessEnv = {}): void => {
    children.push(spawn(command, args, { cwd: JOBS, env: { ...env, ...own }, stdio: 'ignore' }));
  };
  start(redis.command, ['--port', String(redisPort), '--bind', HOST, '--dir', files], redis.env);
  const tool = (name: string): string => path.join(path.dirname(environment.python), name);
  start(tool('celery'), ['-A', 'jobs', 'worker', '-c', '2', '-E', '--loglevel', 'WARNING']);
  start(tool('celery'), ['-A', 'jobs', 'flower', `--address=${HOST}`, `--port=${flowerPort}`, '--loglevel=WARNING']);
  start(tool('gunicorn'), ['-w', '2', '-b', `${HOST}:${webPort}`, '--log-level', 'warning', 'web:app']);
  const url = `http://${HOST}:${webPort}`;
  const stop = async (): Promise<void> => {
    for (const child of children.toReversed()) await ended(child);
    rmSync(files, { recursive: true, force: true });
  };
  const deadline = performance.now() + READY_MS;
  for (const page of [`${url}/none`, `http://${HOST}:${flowerPort}/healthcheck`]) {
    while (!(await fetch(page).catch(() => null))?.ok) {
      if (performance.now() > deadline) {
        await stop();
        return { missing: `${page} did not answer within ${READY_MS / 1000} s` };
      }
      await delay(100);
    }
  }
  return { url, pids: children.map(({ pid }) => pid!), stop };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await Promise.race([exited, delay(10_000)]);
  child.kill('SIGKILL');
}

function findRedis(cache: string): { command: string; env: NodeJS.ProcessEnv } | null {
  const installed = '/usr/bin/redis-server';
  if (existsSync(installed)) return { command: installed, env: {} };
  const folder = path.join(cache, 'bench-redis');
  const command = path.join(folder, 'root/usr/bin/redis-server');
  if (!existsSync(command)) {
    mkdirSync(folder, { recursive: true });
    if (spawnSync('apt-get', ['download', ...PACKAGES], { cwd: folder }).status !== 0) return null;
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb')))
      spawnSync('dpkg', ['-x', file, 'root'], { cwd: folder });
  }
  const library = readdirSync(path.join(folder, 'root/usr/lib')).find((name) => name.endsWith('-linux-gnu')) ?? '';
  return existsSync(command) ? { command, env: { LD_LIBRARY_PATH: path.join(folder, 'root/usr/lib', library) } } : null;
}
