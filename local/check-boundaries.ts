import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';

const ROOT = path.resolve(import.meta.dirname, '..');
const FOLDERS =
  'shared engine strategies module-host artifacts market-data monitoring results orchestration webhooks activities workflows worker api cli web local test'.split(
    ' ',
  );
/** Far fewer than there are: the cruiser once saw none at all, and passed. */
const FEWEST_MODULES = 20;

const Report = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
    totalCruised: z.int(),
  }),
});

/** Runs the import rule of `.dependency-cruiser.cjs` over the folders below `root`. */
function cruise(root: string): z.infer<typeof Report>['summary'] {
  const folders = FOLDERS.filter((folder) => existsSync(path.join(root, folder)));
  const args = ['--config', path.join(ROOT, '.dependency-cruiser.cjs'), '--output-type', 'json', ...folders];
  const cruised = spawnSync('depcruise', args, { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (!cruised.stdout) throw new Error(`depcruise did not run: ${cruised.stderr || cruised.error?.message}`);
  return Report.parse(JSON.parse(cruised.stdout)).summary;
}

/** A tree of two files with one forbidden import: if that passes, the rule is not in force and a green run means nothing. */
function catchesPlantedViolation(): boolean {
  const root = mkdtempSync(path.join(tmpdir(), 'holdfast-boundaries-'));
  try {
    for (const folder of ['engine', 'api']) mkdirSync(path.join(root, folder));
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(root, 'node_modules'));
    writeFileSync(path.join(root, 'api/app.ts'), 'export const app = 1;\n');
    writeFileSync(path.join(root, 'engine/broker.ts'), "import type { app } from '../api/app.ts';\nexport type App = typeof app;\n");
    return cruise(root).violations.some(({ rule }) => rule.name === 'engine-imports');
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const { violations, totalCruised } = cruise(ROOT);
const faults = violations.map(({ from, to, rule }) => `${from} may not import ${to} (${rule.name})`);
if (totalCruised <= FEWEST_MODULES) faults.push(`only ${totalCruised} modules were seen: the check looks at the wrong place`);
if (!catchesPlantedViolation()) faults.push('a planted violation was not noticed: the rule in .dependency-cruiser.cjs is not in force');
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.stdout.write(faults.length === 0 ? `Boundaries hold over ${totalCruised} modules.\n` : `${faults.length} faults\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
