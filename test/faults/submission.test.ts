import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, inject, it } from 'vitest';
import type { Run } from '../../shared/run.ts';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { runUndisturbed } from '../rig/references.ts';
import { randomOf, seeds } from '../rig/seeds.ts';
import type { Service } from '../rig/service.ts';
import { smaCross } from '../rig/specs.ts';
import { underFaults } from '../rig/under-faults.ts';

const options = { temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY };
const KILLS = 3;
const COPIES = 100;

interface Answered {
  status: number;
  body: Run & { code?: string };
}

function submit(service: Service, key: string, spec = smaCross): Promise<Answered> {
  return service.post('/v1/backtests', spec, { 'idempotency-key': key });
}

describe('a run that is submitted with an Idempotency-Key', { timeout: 300_000 }, () => {
  it.each(seeds())('is the same run when the API is killed on the way and the client asks again (seed %i)', (seed) =>
    underFaults(options, async (service) => {
      const random = randomOf(seed);
      await service.startWorker();
      await runUndisturbed(service, smaCross);
      for (let kill = 0; kill < KILLS; kill++) {
        const asked = submit(service, `key-${kill}`).catch(() => null);
        await delay(random.between(0, 25));
        await service.api.kill('SIGKILL');
        const first = await asked;
        await service.startApi();
        const again = await submit(service, `key-${kill}`);
        expect(again.status).toBe(202);
        if (first?.status === 202) expect(again.body.id).toBe(first.body.id);
        service.accepted.set(again.body.id, smaCross);
        await service.completed(again.body.id);
      }
    }),
  );

  it(`is one run when it is sent ${COPIES} times at once, and another payload with its key is refused`, () =>
    underFaults(options, async (service) => {
      await service.startWorker();
      await runUndisturbed(service, smaCross);
      const answers = await Promise.all(Array.from({ length: COPIES }, () => submit(service, 'one')));
      const accepted = answers.filter(({ status }) => status === 202);
      const ids = new Set(accepted.map(({ body }) => body.id));
      expect(ids.size).toBe(1);
      const [id] = ids as Set<string>;
      for (const { body } of answers.filter(({ status }) => status !== 202)) expect(body.code).toBe('key_in_flight');
      expect((await submit(service, 'one')).body.id).toBe(id);
      expect(await submit(service, 'one', { ...smaCross, seed: 8 })).toMatchObject({ status: 422, body: { code: 'key_reused' } });
      service.accepted.set(id!, smaCross);
      await service.completed(id!);
    }));
});
