import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** The Python client's folder. */
export const PYTHON_CLIENT = path.join(ROOT, 'clients/python');

const run = promisify(execFile);

/** Where a virtual environment with the packages of the client's tests lies, or why there is none. */
export type PythonEnvironment = { folder: string; python: string } | { missing: string };

/** Made at its first use, and kept for the next runs. The packages are asked for once; where they cannot be had, nothing is left. */
export async function pythonEnvironment(): Promise<PythonEnvironment> {
  const version = await run('python3', ['-c', 'import venv, ensurepip, sys; print(*sys.version_info[:3], sep=".")']).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
  if (version === null) return { missing: 'there is no python3 with venv here' };
  const [major, minor] = version.split('.').map(Number);
  if (major !== 3 || minor! < 9) return { missing: `python3 is ${version}, and the client needs 3.9 or later` };
  const requirements = path.join(PYTHON_CLIENT, 'tests/requirements.txt');
  const name = createHash('sha256').update(version).update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = path.join(ROOT, `.holdfast/cache/python-${name}`);
  const python = path.join(folder, 'bin/python');
  if (!existsSync(python)) {
    const failed = await install(folder, requirements);
    if (failed !== null) return { missing: `the packages for its tests cannot be installed: ${failed}` };
  }
  return { folder, python };
}

/** Null when done, else the reason. Put in place as a whole, so that what is there is complete. */
async function install(folder: string, requirements: string): Promise<string | null> {
  const unfinished = `${folder}.${process.pid}`;
  const python = path.join(unfinished, 'bin/python');
  try {
    await run('python3', ['-m', 'venv', unfinished]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
    renameSync(unfinished, folder);
    // Looks at the packages' own types once, which takes long: the test then looks at the client's only. What it finds, the test says.
    await run(path.join(folder, 'bin/python'), ['-m', 'mypy', '--cache-dir', path.join(folder, 'mypy-cache')], {
      cwd: PYTHON_CLIENT,
    }).catch(() => null);
    return null;
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    const { stderr = String(error) } = error as { stderr?: string };
    return stderr.trim().split('\n').at(-1)!;
  }
}
