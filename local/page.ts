import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import path from 'node:path';
import { PROJECT } from './config.ts';

const PAGES = path.join(PROJECT, '.holdfast/cache/pages');
const WEB = path.join(PROJECT, 'web');
/** What the export is made of: the page, and what it imports of the project. */
const SOURCES = ['web', 'shared', 'strategies', 'engine', 'package-lock.json'];
const MADE = new Set(['.next', 'out', 'node_modules', 'next-env.d.ts', 'tsconfig.tsbuildinfo']);
/** An API that still runs on an earlier export keeps its files. */
const KEPT = 3;
const LOG_LINES = 15;

/** Folder of the export that the sources as they are give; whether it was built yet is for `existsSync` to say. */
export function pageFolder(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) addTo(hash, path.join(PROJECT, source));
  return path.join(PAGES, hash.digest('hex').slice(0, 16));
}

function addTo(hash: ReturnType<typeof createHash>, at: string): void {
  if (!statSync(at).isDirectory()) return void hash.update(path.relative(PROJECT, at)).update('\0').update(readFileSync(at));
  for (const name of readdirSync(at).sort()) if (!MADE.has(name) && !name.includes('.test.')) addTo(hash, path.join(at, name));
}

export const isBuilt = (folder: string): boolean => existsSync(path.join(folder, 'index.html'));

/**
 * Builds the page into `folder`, unless it is there. Whole or not at all: a build that fails or is stopped leaves nothing there. Fails with what the
 * build wrote last.
 */
export async function buildPage(folder: string, signal?: AbortSignal): Promise<void> {
  if (isBuilt(folder)) {
    utimesSync(folder, new Date(), new Date());
    return;
  }
  const child = spawn('next', ['build'], {
    cwd: WEB,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  });
  // Whatever else starts at the same time comes first.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => lines.push(...String(data).split('\n')));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`next build ended with status ${code}:\n${lines.filter(Boolean).slice(-LOG_LINES).join('\n')}`);
  mkdirSync(PAGES, { recursive: true });
  const half = `${folder}.${process.pid}`;
  cpSync(path.join(WEB, 'out'), half, { recursive: true });
  if (isBuilt(folder)) rmSync(half, { recursive: true });
  else renameSync(half, folder);
  removeOldest();
}

function removeOldest(): void {
  const ages = readdirSync(PAGES).map((name) => ({ at: path.join(PAGES, name), age: statSync(path.join(PAGES, name)).mtimeMs }));
  for (const { at } of ages.toSorted((a, b) => b.age - a.age).slice(KEPT)) rmSync(at, { recursive: true, force: true });
}
