import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../local/ports.ts';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { runUndisturbed } from '../rig/references.ts';
import { createSchedule } from '../rig/schedules.ts';
import { randomOf, seeds } from '../rig/seeds.ts';
import { reached } from '../rig/slices.ts';
import { longRun, smaCross } from '../rig/specs.ts';
import { startOwnTemporal, type OwnTemporal } from '../rig/temporal-server.ts';
import { refusedCalls, startFlood } from '../rig/throttle.ts';
import { underFaults } from '../rig/under-faults.ts';

const LOOPBACK = '127.0.0.1';
/** What the namespace may ask of the server. One run needs some thirty calls. */
const CALLS_A_SECOND = 40;
const ANSWER_MS = 5_000;
const spec = longRun(3);

let temporal: OwnTemporal;
let metricsUrl: string;
beforeAll(async () => {
  const port = await freePort(LOOPBACK);
  metricsUrl = `http://${LOOPBACK}:${port}/metrics`;
  const limits = ['frontend.namespaceRPS', 'frontend.namespaceRPS.visibility'].map((name) => `${name}=${CALLS_A_SECOND}`);
  temporal = await startOwnTemporal(['--metrics-port', String(port), ...limits.flatMap((limit) => ['--dynamic-config-value', limit])]);
});
afterAll(() => temporal?.[Symbol.asyncDispose]());

/** The answer, and that it did not take longer than whoever asks can wait. */
async function soon<Answer>(asked: Promise<Answer>): Promise<Answer> {
  const since = performance.now();
  const answer = await asked;
  expect(performance.now() - since).toBeLessThan(ANSWER_MS);
  return answer;
}

it.each(seeds())('a server that refuses most calls for their rate costs time only (seed %i)', { timeout: 120_000 }, (seed) =>
  underFaults({ temporalAddress: temporal.address, env: QUICK_RECOVERY }, async (service) => {
    await service.startWorker();
    await Promise.all([spec, smaCross].map((each) => runUndisturbed(service, each)));
    const schedule = await createSchedule(service);
    const run = await service.submit(spec);
    await reached(service, run.id, randomOf(seed).between(0.1, 0.4));

    const flood = await startFlood(temporal.address);
    onTestFinished(() => flood.stop());
    await expect.poll(() => flood.refused, { timeout: 20_000 }).toBeGreaterThan(2 * CALLS_A_SECOND);
    const late = await Promise.all([1, 2, 3].map(() => soon(service.submit(smaCross))));
    expect((await soon(service.post(`/v1/backtests/${run.id}/pause`))).status).toBe(202);
    // Temporal alone can do it; of a call that got no answer nobody knows whether it was done.
    const asked = await soon(service.post<{ code?: string }>(`/v1/schedules/${schedule.id}/pause`));
    expect([202, 503], JSON.stringify(asked.body)).toContain(asked.status);
    if (asked.status === 503) expect(asked.body.code).toBe('orchestrator_unavailable');
    for (const path of [`backtests/${run.id}`, 'backtests', 'schedules', `schedules/${schedule.id}`]) {
      expect((await soon(service.get(`/v1/${path}`))).status, path).toBe(200);
    }
    expect((await soon(service.get('/healthz'))).status).toBe(200);
    await flood.stop();

    const refused = await refusedCalls(metricsUrl);
    // Both the API and the worker were among those that were refused.
    for (const call of ['StartWorkflowExecution', 'PollWorkflowTaskQueue']) expect(refused[call], call).toBeGreaterThan(0);
    await service.until(run.id, ({ status }) => status === 'paused');
    expect((await service.post(`/v1/backtests/${run.id}/resume`)).status).toBe(202);
    await Promise.all([run, ...late].map(({ id }) => service.completed(id)));
  }),
);
