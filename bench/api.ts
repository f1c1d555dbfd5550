import { parseArgs } from 'node:util';
import { measureEvents } from './api/events.ts';
import { measureLists } from './api/lists.ts';
import { measureReads } from './api/reads.ts';

/** What the API costs by itself, with 100,000 runs in the rows: lists, reads a second beside a bare route of Fastify, and memory under open event streams. */

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    seconds: { type: 'string', default: '600' },
    rounds: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '100000' },
  },
});
const parts: Record<string, () => Promise<void>> = {
  lists: () => measureLists({ runs: Number(values.runs), rounds: Number(values.rounds) }),
  reads: () => measureReads(),
  events: () => measureEvents({ seconds: Number(values.seconds) }),
};
for (const name of values.only ?? Object.keys(parts)) {
  const measure = parts[name];
  if (!measure) throw new Error(`There is no part ${name}; there are ${Object.keys(parts).join(', ')}`);
  process.stdout.write(`\n${name}\n`);
  await measure();
}
