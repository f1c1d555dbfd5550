import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { strategyFiles } from '../strategies/catalog.ts';

const ROOT = join(import.meta.dirname, '..');

/** Inputs on which the elementary functions of two platforms would show a difference in the last digit. */
const MATHS_PROBES = [0.1, 0.7, 1.3, 2.9, 17.21, 123.456, 9876.54321];

/**
 * Hash of the engine's sources and of a self-test of the platform's maths: two results with the same version,
 * spec, dataset and strategy must have the same bytes.
 */
export function readEngineVersion(): string {
  const hash = createHash('sha256');
  for (const file of sourceFiles(join(ROOT, 'engine'))) hash.update(readFileSync(join(ROOT, 'engine', file)));
  for (const x of MATHS_PROBES) hash.update(new Float64Array([Math.exp(x), Math.expm1(x), Math.log(x), Math.log1p(x), Math.sqrt(x)]));
  return hash.digest('hex').slice(0, 16);
}

/** Hash of a strategy's own source files. */
export function readStrategyHash(name: string): string {
  const hash = createHash('sha256');
  for (const file of strategyFiles(name)) hash.update(readFileSync(join(ROOT, file)));
  return hash.digest('hex').slice(0, 16);
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .sort();
}
