import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import satisfies from 'spdx-satisfies';
import * as z from 'zod';

/**
 * `npm run packages`: no package may have a known hole of a high degree, or a licence that asks for more than its notice. Of those that only build and test,
 * licences may also bind changes of their own files.
 */

const ROOT = path.resolve(import.meta.dirname, '..');
const PERMISSIVE = '0BSD Apache-2.0 BlueOak-1.0.0 BSD-2-Clause BSD-3-Clause CC0-1.0 CC-BY-4.0 ISC MIT Unlicense Zlib'.split(' ');
const FOR_DEVELOPMENT = [...PERMISSIVE, 'CC-BY-3.0', 'MPL-2.0', 'Python-2.0'];
/** Packages that do not say it where npm looks, with what their files say. */
const BY_HAND: Record<string, string> = { busboy: 'MIT', 'humanize-number': 'MIT', streamsearch: 'MIT', unionfs: 'Unlicense' };
const ANSWER_MS = 60_000;
/** Of tar archives and JSON, in bytes. */
const MOST_OUTPUT = 64 * 2 ** 20;

const Lock = z.object({
  packages: z.record(z.string(), z.object({ license: z.string().optional(), dev: z.boolean().optional(), link: z.boolean().optional() })),
});
const Audit = z.object({
  vulnerabilities: z.record(z.string(), z.object({ severity: z.enum(['info', 'low', 'moderate', 'high', 'critical']), range: z.string() })),
});

function licenceFaults(): string[] {
  const { packages } = Lock.parse(JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')));
  return Object.entries(packages).flatMap(([place, { license, dev = false, link = false }]) => {
    const name = place.split('node_modules/').at(-1)!;
    const said = license ?? BY_HAND[name];
    if (name === '' || link || (said !== undefined && isAllowed(said, dev ? FOR_DEVELOPMENT : PERMISSIVE))) return [];
    return [
      `${name} has the licence ${said ?? 'that its files say, which nobody has read'}: take another package, or add it to local/check-packages.ts`,
    ];
  });
}

function isAllowed(expression: string, licences: readonly string[]): boolean {
  try {
    return satisfies(expression, [...licences]);
  } catch {
    return false; // no expression of SPDX
  }
}

/** What is known of holes; null where the registry does not say. */
async function auditFaults(): Promise<string[] | null> {
  const ended = await promisify(execFile)('npm', ['audit', '--omit=dev', '--json'], {
    cwd: ROOT,
    timeout: ANSWER_MS,
    maxBuffer: MOST_OUTPUT,
  }).catch(
    (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }), // it fails where it finds something, too
  );
  const audit = Audit.safeParse(parsed(ended.stdout));
  if (!audit.success) return null;
  return Object.entries(audit.data.vulnerabilities)
    .filter(([, { severity }]) => severity === 'high' || severity === 'critical')
    .map(([name, { severity, range }]) => `${name} ${range} has a known hole (${severity}): npm audit tells more`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const holes = await auditFaults();
if (holes === null) process.stderr.write('Warning: the registry says nothing of known holes; only licences were checked.\n');
const faults = [...licenceFaults(), ...(holes ?? [])];
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.stdout.write(faults.length === 0 ? 'The packages are fit to use.\n' : `${faults.length} faults\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
