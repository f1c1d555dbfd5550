import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, it, onTestFinished } from 'vitest';
import { startService } from '../rig/service.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');

it('prints what the README says that its example prints', async () => {
  const service = await startService({ temporalAddress: inject('temporalAddress') });
  onTestFinished(() => service[Symbol.asyncDispose]());
  await service.startWorker();
  const [, command] = /^(bin\/holdfast run .*--watch)$/m.exec(README) ?? [];
  const [program, ...args] = command!.split(' ');
  const { stdout } = await promisify(execFile)(path.join(ROOT, program!), args, {
    cwd: ROOT,
    env: { ...process.env, HOLDFAST_URL: service.url },
  });
  const [, shown] = /```\n( {2}Total return[\s\S]*?)\n```/.exec(README) ?? [];
  expect(linesOf(stdout)).toEqual(expect.arrayContaining(linesOf(shown!)));
});

it('shows the example file as it is', () => {
  const [, shown] = /`examples\/sma-cross\.json`:\n\n```json\n([\s\S]*?)```/.exec(README) ?? [];
  expect(shown).toBe(readFileSync(path.join(ROOT, 'examples/sma-cross.json'), 'utf8'));
});

function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.trimEnd());
}
