import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { owner, specOf, type ContractRig } from './contract-rig.ts';
import type { DeliveryAttempt, WebhookRow } from './webhooks.ts';

const webhookOf = (changes: Partial<WebhookRow> = {}): WebhookRow => ({
  id: uuidv7(),
  owner,
  url: 'https://example.com/hook',
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  earlierSecret: null,
  statuses: ['completed', 'failed'],
  createdAt: 5,
  disabled: null,
  ...changes,
});

export function describeWebhooks({ store, open }: ContractRig): void {
  describe('webhooks', () => {
    it('are kept whole, changed and removed by their owner alone, and as many as there may be', async () => {
      const [first, second] = [webhookOf(), webhookOf()];
      expect(await store().addWebhook(first, 2)).toBe(true);
      await store().addWebhook(second, 2);
      expect(await store().addWebhook(webhookOf(), 2)).toBe(false);
      expect(await open().listWebhooks(owner)).toEqual([second, first]);
      expect(await store().getWebhook('eve', first.id)).toBeNull();
      expect(await store().updateWebhook('eve', first.id, { url: 'https://eve.example' })).toBeNull();
      const change = { statuses: ['cancelled' as const], earlierSecret: { secret: first.secret, expiresAt: 9 }, secret: 'whsec_bmV3' };
      expect(await store().updateWebhook(owner, first.id, change)).toEqual({ ...first, ...change });
      expect(await store().getWebhook(owner, first.id)).toEqual({ ...first, ...change });
      expect(await store().removeWebhook('eve', first.id)).toBe(false);
      expect(await store().removeWebhook(owner, first.id)).toBe(true);
      expect(await store().listWebhooks(owner)).toEqual([second]);
    });
  });
}

export function describeDeliveries(rig: ContractRig): void {
  describe('deliveries', () => {
    describeQueue(rig);
    describeLedger(rig);
  });
}

const webhookIn =
  ({ store }: ContractRig) =>
  async (changes: Partial<WebhookRow> = {}) => {
    const made = webhookOf(changes);
    await store().addWebhook(made, 10);
    return made;
  };
const queuedIn =
  ({ store }: ContractRig) =>
  async () =>
    (await store().queuedDeliveries(10)).map(({ subject }) => subject);

function describeQueue(rig: ContractRig): void {
  const { store, accept, change, finish } = rig;
  const [webhook, subjects] = [webhookIn(rig), queuedIn(rig)];

  it('are queued by the end of a run, for each webhook of its owner that wants to hear of it', async () => {
    const wants = await webhook();
    await webhook({ statuses: ['cancelled'] });
    await webhook({ owner: 'eve' });
    await webhook({ disabled: { at: 1, reason: 'gone' } });
    const [run, cancelled] = [await accept(), await accept()];
    await change(run, 7, 1, { status: 'running' });
    expect(await subjects()).toEqual([]);
    await change(run, 7, 2, { status: 'completed', phase: null, finishedAt: 9 });
    await change(run, 7, 3, { status: 'completed', phase: null, finishedAt: 9 });
    await finish(cancelled, 'cancelled');
    expect(await store().listDeliveries(owner, wants.id, { limit: 10 })).toMatchObject([
      { subject: { kind: 'backtest', id: run.id, status: 'completed', epoch: 7 }, status: 'queued', attempts: 0, owner },
    ]);
    expect(await subjects()).toHaveLength(2);
  });

  it('come anew when a run that was reset ends again', async () => {
    await webhook();
    const run = await accept();
    await change(run, 7, 1, { status: 'failed', phase: null, finishedAt: 9 });
    await change(run, 8, 0, { status: 'running' });
    await change(run, 8, 1, { status: 'completed', phase: null, finishedAt: 10 });
    expect(await subjects()).toMatchObject([
      { status: 'failed', epoch: 7 },
      { status: 'completed', epoch: 8 },
    ]);
  });

  it('tell of a batch, and not of its items', async () => {
    await webhook();
    const batchId = uuidv7();
    const items = [{ id: uuidv7(), spec: specOf(), total: 1 }];
    await store().submitBatch({ id: batchId, owner, name: 'B', items, idempotency: null });
    await store().project({ runId: items[0]!.id, epoch: 1, sequence: 1, change: { status: 'completed', finishedAt: 1 } });
    expect(await subjects()).toEqual([]);
    await store().projectBatch({ batchId, epoch: 3, sequence: 1, change: { status: 'completed', finishedAt: 2 } });
    expect(await subjects()).toEqual([{ kind: 'batch', id: batchId, status: 'completed', epoch: 3 }]);
  });
}

function describeLedger(rig: ContractRig): void {
  const { store } = rig;
  const [webhook, subjects] = [webhookIn(rig), queuedIn(rig)];

  it('keep what their last try came to, and may end with their webhook disabled', async () => {
    const { id: webhookId } = await webhook();
    const queued = await store().addTestDelivery({ id: 'msg_1', webhookId, owner, createdAt: 3 });
    expect(queued).toMatchObject({ id: 'msg_1', webhookId, subject: 'test', status: 'queued', attempts: 0, createdAt: 3 });
    const attempt: DeliveryAttempt = { id: 'msg_1', status: 'sending', responseStatus: 503, error: 'no', at: 10 };
    await store().noteDelivery(attempt);
    expect(await subjects()).toEqual([]);
    await store().noteDelivery({ ...attempt, status: 'failed', responseStatus: 410, error: null, at: 20, disable: 'it answered 410' });
    const found = (await store().getDelivery('msg_1'))!;
    expect(found.delivery).toMatchObject({ status: 'failed', attempts: 2, responseStatus: 410, error: null, lastAttemptAt: 20 });
    expect(found.webhook.disabled).toEqual({ at: 20, reason: 'it answered 410' });
  });

  it('are listed by pages, to the owner of their webhook alone, and go with it', async () => {
    const of = await webhook();
    for (const createdAt of [1, 2, 3]) await store().addTestDelivery({ id: `msg_${createdAt}`, webhookId: of.id, owner, createdAt });
    const page = await store().listDeliveries(owner, of.id, { limit: 2 });
    expect(page.map(({ id }) => id)).toEqual(['msg_3', 'msg_2']);
    const rest = await store().listDeliveries(owner, of.id, { limit: 2, after: page[1]! });
    expect(rest.map(({ id }) => id)).toEqual(['msg_1']);
    expect(await store().listDeliveries('eve', of.id, { limit: 2 })).toEqual([]);
    await store().removeWebhook(owner, of.id);
    expect(await store().getDelivery('msg_1')).toBeNull();
  });
}
