import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { Run } from '../../shared/run.ts';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { runUndisturbed } from '../rig/references.ts';
import { createSchedule, compared, nightsOf, untilSchedule } from '../rig/schedules.ts';
import { startOwnTemporal } from '../rig/temporal-server.ts';
import { underFaults } from '../rig/under-faults.ts';

const EVERY = { minute: [{ from: 0, to: 59 }], hour: [{ from: 0, to: 23 }] };
/** Until schedules are made and the server is killed; then the least that Temporal takes for a catch-up window. */
const SOON_MS = 8_000;
const SHORTEST_WINDOW_MS = 10_000;

it(
  'a server that is down when a night is due runs it late for its nominal time, and not once its catch-up window has passed',
  { timeout: 120_000 },
  async () => {
    const temporal = await startOwnTemporal();
    onTestFinished(() => temporal[Symbol.asyncDispose]());
    await underFaults({ temporalAddress: temporal.address, env: QUICK_RECOVERY }, async (service) => {
      await service.startWorker();
      const due = new Date(Math.ceil((Date.now() + SOON_MS) / 1_000) * 1_000);
      const calendar = [{ ...EVERY, second: due.getUTCSeconds() }];
      const patient = await createSchedule(service, { cron: undefined, calendar });
      const strict = await createSchedule(service, { cron: undefined, calendar, catchupWindow: '10s' });
      await temporal.server.kill('SIGKILL');
      expect(Date.now()).toBeLessThan(due.getTime());
      await delay(due.getTime() + SHORTEST_WINDOW_MS + 1_500 - Date.now());
      await temporal.start();
      const [night] = await compared(service, patient, 1);
      expect(night!.nominalTime).toBe(due.toISOString());
      expect(Date.parse(night!.launchedAt) - due.getTime()).toBeGreaterThan(SHORTEST_WINDOW_MS);
      const { id, spec } = (await service.get<Run>(night!.links.run!)).body;
      expect(spec.data).toMatchObject({ to: new Date(due.getTime() - 86_400_000).toISOString().slice(0, 10), asOf: due.toISOString() });
      await untilSchedule(service, strict, ({ skipped }) => skipped !== null && skipped.missed > 0);
      expect(await nightsOf(service, strict)).toEqual([]);
      // What a night runs is accepted like what anyone submits.
      await runUndisturbed(service, spec);
      service.accepted.set(id, spec);
    });
  },
);
