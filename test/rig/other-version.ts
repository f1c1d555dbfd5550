import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** A copy of the programs in which the workflow of a backtest begins with another statement; it is gone when the test has ended. */
export function otherVersion(first: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-version-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const programs = readdirSync(ROOT).filter((name) => !/^(\.|node_modules$|test$|web$|docs$|bench$)/.test(name));
  for (const name of programs) cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  const file = path.join(folder, 'workflows/backtest.ts');
  const source = readFileSync(file, 'utf8');
  const changed = source
    .replace("} from '@temporalio/workflow';", ", patched, sleep } from '@temporalio/workflow';")
    .replace('const run = openRun(input);', `const run = openRun(input);\n  ${first}`);
  expect(changed.length - source.length).toBeGreaterThan(first.length);
  writeFileSync(file, changed);
  return folder;
}
