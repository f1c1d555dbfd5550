import { v7 as uuidv7 } from 'uuid';
import { specOf } from '../../results/contract-rig.ts';
import { createdSchedule } from '../../results/contract-schedules.ts';
import { uploadOf } from '../../results/contract-uploads.ts';
import { sampleRef } from '../../results/sample-result.ts';
import type { ResultStore } from '../../results/store.ts';
import { SweepSpec } from '../../shared/sweep-spec.ts';

const sweep = SweepSpec.parse({
  data: { source: 'sample', symbols: ['AAPL'] },
  strategy: { name: 'sma-cross' },
  space: { fast: { values: [5, 10] } },
  search: { kind: 'grid' },
});
const idempotency = () => ({ key: uuidv7(), fingerprint: 'f', expiresAt: Date.now() + 60_000 });

/** A row of this owner in every table that has owners; gives the id of an open backtest. */
export async function fillEveryTable(store: ResultStore, owner: string): Promise<string> {
  const [runId, sweepId, webhookId] = [uuidv7(), uuidv7(), uuidv7()];
  const submission = { owner, total: 10, idempotency: idempotency() };
  await store.submit({ ...submission, id: runId, kind: 'backtest', spec: specOf({ tags: ['mine'] }) });
  await store.submit({ ...submission, id: sweepId, kind: 'sweep', spec: sweep, idempotency: null });
  await store.submitBatch({ id: uuidv7(), owner, name: 'B', items: [{ id: uuidv7(), spec: specOf(), total: 1 }], idempotency: null });
  await store.storeShard({ sweepId, family: 'f', first: 0, count: 1, cached: 0, cpuSeconds: 0, ref: sampleRef }, sampleRef);
  await store.bookScan({ key: uuidv7(), owner, bytes: 1, at: Date.now(), ownerDayBytes: 10 });
  await store.saveUpload(uploadOf('prices', { owner }));
  await store.countTrials({ owner, strategy: 's', source: 'x', symbols: ['A'] }, [{ name: 't', sharpe: 1 }]);
  const { id: scheduleId } = await createdSchedule(store, { owner, idempotency: idempotency() });
  await store.refuseNight({ launch: uuidv7(), scheduleId, owner, nominalAt: 1, error: { code: 'no_data', message: 'none' } });
  const webhook = { owner, url: 'https://example.com', secret: 'whsec_x', earlierSecret: null, statuses: [], createdAt: 1, disabled: null };
  await store.addWebhook({ ...webhook, id: webhookId }, 9);
  await store.addTestDelivery({ id: uuidv7(), webhookId, owner, createdAt: 1 });
  const unused = { runId: null, createdAt: 1, expiresAt: null, lastUsedAt: null };
  await store.addCredential({ id: uuidv7(), kind: 'token', owner, name: 'T', start: 's', scopes: ['read'], hash: uuidv7(), ...unused }, 9);
  await store.keepHistory({ runId, finishedAt: 1 }, sampleRef);
  return runId;
}
