import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LocalError } from './local-error.ts';

/** Temporal's database, its log and one run's artifacts fit into this with room to spare. */
const LEAST_FREE_BYTES = 100 * 1024 * 1024;

/** Creates the folder that keeps everything, and its `logs`. Throws when it cannot be written or the disk is full. */
export function prepareHome(home: string): void {
  const probe = path.join(home, `.write-probe-${process.pid}`);
  try {
    mkdirSync(path.join(home, 'logs'), { recursive: true });
    writeFileSync(probe, 'x');
    rmSync(probe);
    const { bavail, bsize } = statfsSync(home);
    if (bavail * bsize < LEAST_FREE_BYTES) throw Object.assign(new Error('almost no space left'), { code: 'ENOSPC' });
  } catch (error) {
    throw new LocalError(`${home} cannot be used: ${adviceFor(error)}`, { cause: error });
  }
}

function adviceFor(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full. Free at least 100 MB, or set HOLDFAST_HOME to a folder on another disk.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'it is not writable. Make it writable for you, or set HOLDFAST_HOME to a folder that is.';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'a file stands where a folder is needed. Move it away, or set HOLDFAST_HOME to another folder.';
    default:
      return `${error instanceof Error ? error.message : String(error)}. Set HOLDFAST_HOME to a folder that can be written.`;
  }
}
