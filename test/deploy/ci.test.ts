import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';

const ROOT = path.resolve(import.meta.dirname, '../..');
const Workflow = z.object({
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(
    z.string(),
    z.object({ 'timeout-minutes': z.int(), steps: z.array(z.object({ run: z.string().optional(), uses: z.string().optional() })) }),
  ),
});
const Manifest = z.object({ scripts: z.record(z.string(), z.string()) });

it('the workflow for continuous integration runs scripts that there are, with no more rights than it needs', () => {
  const { permissions, jobs } = Workflow.parse(parse(readFileSync(path.join(ROOT, '.github/workflows/ci.yml'), 'utf8')));
  const { scripts } = Manifest.parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')));
  expect(permissions).toEqual({ contents: 'read' });
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const ran = steps.flatMap(({ run = '' }) => [...run.matchAll(/npm (?:run )?(test\S*)/g)].map((match) => match[1]!));
  expect(ran).toEqual(['test', 'test:faults']);
  for (const script of ran) expect(Object.keys(scripts)).toContain(script);
  for (const { uses } of steps.filter((step) => step.uses !== undefined)) expect(uses).toMatch(/^actions\/[a-z-]+@(v\d+|[0-9a-f]{40})$/);
});
