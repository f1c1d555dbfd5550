import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ANN, EVE, makeKey, startSignIn } from '../../api/auth/test-sign-in.ts';
import type { Run } from '../../shared/run.ts';
import { startService, type Service } from '../rig/service.ts';
import { smaCross } from '../rig/specs.ts';

/** Runs of the one who asks for much; NOISY_RUNS=10000 for the row of the reliability table. */
const RUNS = Number(process.env['NOISY_RUNS'] ?? 1_000);
/** Workflow tasks that a worker takes at once, and as many again that its pollers and the server hand over before they look at the next owner. */
const BOUND = 2 * 40;

let signIn: Awaited<ReturnType<typeof startSignIn>>;
let service: Service;
beforeAll(async () => {
  signIn = await startSignIn(await makeKey('one'));
  service = await startService({
    temporalAddress: inject('temporalAddress'),
    env: { SUPABASE_URL: signIn.url, HOLDFAST_REQUESTS_PER_MINUTE: '1000000', HOLDFAST_OVERLOAD_MS: '60000' },
  });
});
afterAll(async () => {
  await service?.[Symbol.asyncDispose]();
  signIn.close();
});

it(`does the one run of an owner beside the first of ${RUNS} that another one had asked for earlier`, { timeout: 1_800_000 }, async () => {
  const [noisy, quiet] = await Promise.all(
    [ANN, EVE].map(async (sub) => ({ authorization: `Bearer ${await signIn.session({ sub, exp: 4e9 })}` })),
  );
  const submit = async (by: Record<string, string>): Promise<string> => {
    const { status, body } = await service.post<Run>('/v1/backtests', smaCross, by);
    expect(status).toBe(202);
    return body.id;
  };
  const atOnce = pLimit(16);
  const queued = await Promise.all(Array.from({ length: RUNS }, () => atOnce(() => submit(noisy!))));
  const single = await submit(quiet!);
  await service.startWorker();

  const rows = service.openRows();
  let run = await rows.get(EVE, single);
  while (run?.status !== 'completed') {
    await delay(20);
    run = await rows.get(EVE, single);
  }
  const before = await Promise.all(queued.map((id) => rows.get(ANN, id)));
  rows.close();
  const earlier = before.filter((each) => each!.finishedAt !== null && each!.finishedAt < run.finishedAt!).length;
  process.stdout.write(`${earlier} of ${RUNS} runs of another owner ended before it\n`);
  expect(earlier).toBeLessThanOrEqual(BOUND);
});
