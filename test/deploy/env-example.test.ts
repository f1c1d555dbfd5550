import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ApiConfig } from '../../api/config.ts';
import { LocalConfig } from '../../local/config.ts';
import { WorkerConfig } from '../../worker/config.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const listed = new Map(
  [...readFileSync(path.join(ROOT, '.env.example'), 'utf8').matchAll(/^# ([A-Z][A-Z_]+)=(.*)$/gm)].map((match) => [match[1]!, match[2]!]),
);

/** Read by the command line itself, which has no configuration object. */
const OF_THE_COMMAND_LINE = ['HOLDFAST_TOKEN'];
/** Their defaults depend on the machine. */
const OF_THE_MACHINE = ['HOLDFAST_HOME', 'HOLDFAST_MODULES', 'HOLDFAST_PAGE', 'HOLDFAST_SLOTS', 'HOLDFAST_MEMORY_BUDGET_MB'];

const schemas = [ApiConfig, WorkerConfig, LocalConfig];

it('lists exactly the settings that the processes read', () => {
  const read = new Set([...schemas.flatMap((schema) => Object.keys(schema.shape)), ...OF_THE_COMMAND_LINE]);
  expect([...listed.keys()].sort()).toEqual([...read].sort());
});

it('states the defaults', () => {
  for (const schema of schemas) {
    for (const [name, value] of Object.entries(schema.parse({}))) {
      if (!OF_THE_MACHINE.includes(name)) expect([name, listed.get(name)]).toEqual([name, textOf(value)]);
    }
  }
});

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);
}
