import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Engine } from './contestant.ts';

const PEERS = path.resolve(import.meta.dirname, '../peers');
const REQUIREMENTS = path.join(PEERS, 'requirements.txt');
const PYTHON = '3.11';

/** A Python with the peers, or what is missing for one. */
export type PeerEnvironment = { python: string; cache: string } | { missing: string };

/** The engines to compare with: some 800 MB, a minute or two. */
export function preparePeers(cache: string, say: (line: string) => void): PeerEnvironment {
  return prepareEnvironment({ cache, name: 'bench-venv', requirements: REQUIREMENTS }, say);
}

/** Builds an environment below `cache` where it does not stand yet. */
export function prepareEnvironment(
  { cache, name, requirements }: { cache: string; name: string; requirements: string },
  say: (line: string) => void,
): PeerEnvironment {
  const folder = path.join(cache, name);
  const python = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const stamp = path.join(folder, 'requirements.sha256');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { python, cache };
  const found = findPython();
  if (found === null) return { missing: `Python ${PYTHON} is not on PATH; install it to compare with others` };
  say(`Installing what to compare with below ${folder}, once …`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const steps: [string, string[]][] = [
    [found, ['-m', 'venv', folder]],
    [python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]],
  ];
  for (const [program, args] of steps) {
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    if (status !== 0) return { missing: `what to compare with could not be installed; check the network. ${stderr.trim().slice(-500)}` };
  }
  writeFileSync(stamp, wanted);
  return { python, cache };
}

function findPython(): string | null {
  const version = ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'];
  const isRight = (program: string) => spawnSync(program, version, { encoding: 'utf8' }).stdout?.trim() === PYTHON;
  return [`python${PYTHON}`, 'python3', 'python'].find(isRight) ?? null;
}

/** The bars that all engines read, made by numpy. */
export function writePeerBars({ python }: { python: string }, file: string, bars: number): void {
  const { status, stderr } = spawnSync(python, ['-B', path.join(PEERS, 'market.py'), file, String(bars)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the bars could not be made: ${stderr.trim().slice(-500)}`);
}

/** One of the modules in bench/peers as a contestant. */
export function peerEngine({ python, cache }: { python: string; cache: string }, task: string) {
  // Compiled kernels belong beside the environment, not into the sources.
  const env = { NUMBA_CACHE_DIR: path.join(cache, 'bench-numba'), PYTHONDONTWRITEBYTECODE: '1' };
  return (name: string, module: string): Engine => ({ name, env, command: [python, path.join(PEERS, 'serve.py'), module, task] });
}
