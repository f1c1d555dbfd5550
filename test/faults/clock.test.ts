import { existsSync } from 'node:fs';
import { expect, inject, it } from 'vitest';
import type { Run } from '../../shared/run.ts';
import type { Night } from '../../shared/schedule.ts';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { runUndisturbed } from '../rig/references.ts';
import { createSchedule, untilNights } from '../rig/schedules.ts';
import { killMidSlice } from '../rig/slices.ts';
import { longRun } from '../rig/specs.ts';
import { underFaults } from '../rig/under-faults.ts';

/** Debian's package `faketime`: a library that gives a process another time of day. */
const LIBRARY = ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`).find(existsSync);
const spec = longRun(2);
const MINUTE_MS = 60_000;
const SETTLED_MS = 5_000;

/** Its clock is so much ahead or behind; timers go on as they do. */
function clock(offset: string): Record<string, string> {
  return { LD_PRELOAD: LIBRARY!, FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}

it(
  'clocks of API and workers that are an hour off change no result, and the nights of a schedule come once',
  { timeout: 300_000 },
  async (context) => {
    if (LIBRARY === undefined) return context.skip('libfaketime is not here (Debian: apt-get install faketime)');
    await underFaults({ temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY }, async (service) => {
      const right = await service.startWorker();
      await runUndisturbed(service, spec);
      await right.kill('SIGTERM');
      await service.api.kill('SIGTERM');
      await service.startApi(clock('-1h'));

      const ahead = await service.startWorker(clock('+1h'));
      const run = await service.submit(spec);
      expect(Date.parse(run.createdAt)).toBeLessThan(Date.now() - 59 * MINUTE_MS);
      await killMidSlice(service, ahead, run.id);
      await service.startWorker(clock('-1h'));
      await service.completed(run.id);

      // Due by the clock of Temporal's server alone, every second; one that is due while another runs is skipped.
      const always = [{ second: [{ from: 0, to: 59 }], minute: [{ from: 0, to: 59 }], hour: [{ from: 0, to: 23 }] }];
      const schedule = await createSchedule(service, { cron: undefined, calendar: always });
      await untilNights(service, schedule, (nights) => nights.filter(({ status }) => status === 'completed').length >= 2);
      expect((await service.post(`${schedule.links.self}/pause`)).status).toBe(202);
      // One that was due just before may be on its way to the list.
      const isSettled = (night: Night) => night.status === 'completed' && Date.now() - Date.parse(night.nominalTime) > SETTLED_MS;
      const nights = await untilNights(service, schedule, (now) => now.every(isSettled));
      expect(new Set(nights.map(({ nominalTime }) => nominalTime)).size).toBe(nights.length);
      for (const { nominalTime, run: id } of nights) {
        expect(Math.abs(Date.parse(nominalTime) - Date.now())).toBeLessThan(MINUTE_MS);
        const { body } = await service.get<Run>(`/v1/backtests/${id}`);
        await runUndisturbed(service, body.spec);
        service.accepted.set(id!, body.spec);
      }
    });
  },
);
