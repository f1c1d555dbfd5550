import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ERRORS } from '../../shared/errors.ts';
import { BacktestSpec } from '../../shared/spec.ts';
import { WorkerConfig } from '../../worker/config.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PAGE = readFileSync(path.join(ROOT, 'docs/modules.md'), 'utf8');

it('shows the shipped example as it is', () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(PAGE) ?? [];
  expect(shown).toBe(readFileSync(path.join(ROOT, 'strategies/modules/turn-of-month.ts'), 'utf8'));
});

it('shows a spec that is valid', () => {
  const [, spec] = /```json\n([\s\S]*?)```/.exec(PAGE) ?? [];
  expect(BacktestSpec.safeParse(JSON.parse(spec!)).error).toBeUndefined();
});

it('names error codes, settings and defaults that there are', () => {
  const codes = [...PAGE.matchAll(/`((?:module|strategy)_[a-z_]+)`/g)].map((match) => match[1]!);
  expect(codes.length).toBeGreaterThan(3);
  expect(codes.filter((code) => !Object.hasOwn(ERRORS, code))).toEqual([]);
  const defaults: Record<string, unknown> = WorkerConfig.parse({});
  const settings = [...PAGE.matchAll(/`(HOLDFAST_[A-Z_]+)` \((\d+)\)/g)].map((match) => [match[1]!, Number(match[2])]);
  expect(settings).toEqual(settings.map(([name]) => [name, defaults[name as string]]));
  expect(settings.length).toBe(3);
});
