import { request } from 'node:http';
import { expect, inject, it, onTestFinished } from 'vitest';
import { allEvents, faultsIn, storyOf, watchEvents } from '../rig/events.ts';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { runUndisturbed } from '../rig/references.ts';
import { randomOf, seeds } from '../rig/seeds.ts';
import { reached } from '../rig/slices.ts';
import { longRun } from '../rig/specs.ts';
import { underFaults } from '../rig/under-faults.ts';

const CLIENTS = 200;
const SLOW_READERS = 10;
const spec = longRun(3);

it.each(seeds())(
  `${CLIENTS} clients that keep losing their connection see each event once, over a kill -9 of the API and of a worker, beside readers that never read (seed %i)`,
  { timeout: 300_000 },
  (seed) =>
    underFaults(
      {
        temporalAddress: inject('temporalAddress'),
        env: { ...QUICK_RECOVERY, HOLDFAST_EVENT_STREAMS: String(2 * (CLIENTS + SLOW_READERS)) },
      },
      async (service) => {
        const worker = await service.startWorker();
        await runUndisturbed(service, spec);
        const random = randomOf(seed);
        const run = await service.submit(spec);
        const address = `${service.url}/v1/backtests/${run.id}/events`;
        const clients = Array.from({ length: CLIENTS }, () => watchEvents(address, { dropAfter: () => random.between(1, 10) }));
        for (let i = 0; i < SLOW_READERS; i++) neverRead(address);

        await reached(service, run.id, random.between(0.1, 0.4));
        await Promise.all([worker.kill('SIGKILL'), service.api.kill('SIGKILL')]);
        await Promise.all([service.startApi(), service.startWorker()]);
        const seen = await Promise.all(clients);

        const story = storyOf(await allEvents(address));
        expect(story.at(-1)).toMatchObject({ name: 'done', data: { status: 'completed' } });
        for (const events of seen) {
          expect(faultsIn(events)).toEqual([]);
          expect(events.at(-1)).toEqual(story.at(-1));
          expect(storyOf(events).filter(({ name }) => name === 'equity')).toEqual(story.filter(({ name }) => name === 'equity'));
        }
        expect((await fetch(address, { headers: { 'last-event-id': story.at(-1)!.id } })).status).toBe(204);
      },
    ),
);

/** A client that opens a stream and takes nothing of it. */
function neverRead(address: string): void {
  const stream = request(address, (answer) => answer.pause());
  stream.on('error', () => undefined).end();
  onTestFinished(() => void stream.destroy());
}
