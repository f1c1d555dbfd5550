import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { WebhookDelivery } from '../../shared/webhook.ts';
import { startService, type Service } from '../rig/service.ts';
import { createSchedule, untilNights } from '../rig/schedules.ts';
import { smaCross } from '../rig/specs.ts';
import { smallSweep, submitSweep } from '../rig/sweeps.ts';

interface Received {
  id: string;
  message: { type: string; data: { id?: string; status?: string; url?: string } };
}

let service: Service;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  receiver = await startReceiver();
  const env = { HOLDFAST_WEBHOOKS_REACH: 'any', HOLDFAST_RECONCILE_SECONDS: '1' };
  service = await startService({ temporalAddress: inject('temporalAddress'), env });
  await service.startWorker();
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  receiver.close();
});

/** Answers with the statuses of a path in turn, the last one for good, and tells who waits for a message. */
async function startReceiver() {
  const secrets = new Map<string, string>();
  const answers = new Map<string, number[]>();
  const received = new Map<string, Received[]>();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const path = request.url!;
      const message = new Webhook(secrets.get(path)!).verify(body, request.headers as Record<string, string>) as Received['message'];
      received.set(path, [...(received.get(path) ?? []), { id: String(request.headers['webhook-id']), message }]);
      const left = answers.get(path) ?? [204];
      const status = left.length > 1 ? left.shift()! : left[0]!;
      response.writeHead(status, { location: 'http://169.254.169.254/' }).end();
      server.emit('message');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    answers,
    /** What came to a path, once there are so many. */
    async messages(path: string, count: number): Promise<Received[]> {
      while ((received.get(path)?.length ?? 0) < count) await once(server, 'message');
      return received.get(path)!;
    },
    secrets,
    close: () => server.close(),
  };
}

async function webhookAt(path: string, answers: number[]): Promise<string> {
  receiver.answers.set(path, answers);
  const { status, body } = await service.post<{ id: string; secret: string }>('/v1/webhooks', { url: `${receiver.url}${path}` });
  expect(status).toBe(201);
  receiver.secrets.set(path, body.secret);
  return body.id;
}

/** The newest delivery of a webhook, once it is as wanted. */
async function delivery(id: string, wanted: (delivery: WebhookDelivery) => boolean): Promise<WebhookDelivery> {
  for (;;) {
    const { body } = await service.get<{ items: WebhookDelivery[] }>(`/v1/webhooks/${id}/deliveries`);
    const [newest] = body.items;
    if (newest && wanted(newest)) return newest;
  }
}

describe('a webhook', () => {
  it('hears of the end of a run, again until it takes the message, and from every try with the same id', async () => {
    const id = await webhookAt('/fails-twice', [500, 302, 204]);
    const run = await service.submit(smaCross);
    await service.completed(run.id);
    const messages = await receiver.messages('/fails-twice', 3);
    expect(new Set(messages.map((each) => each.id)).size).toBe(1);
    expect(messages[2]!.message).toMatchObject({ type: 'backtest.completed', data: { id: run.id, status: 'completed' } });
    expect(await delivery(id, ({ status }) => status === 'delivered')).toMatchObject({ attempts: 3, responseStatus: 204, subject: run.id });
    await service.post(`/v1/webhooks/${id}/test`);
    await receiver.messages('/fails-twice', 4);
  });

  it('that says it is gone is disabled, and hears no more', async () => {
    const id = await webhookAt('/gone', [410]);
    await service.completed((await service.submit(smaCross)).id);
    await receiver.messages('/gone', 1);
    expect(await delivery(id, ({ status }) => status === 'failed')).toMatchObject({ responseStatus: 410, attempts: 1 });
    const { body } = await service.get<{ disabled: { reason: string } }>(`/v1/webhooks/${id}`);
    expect(body.disabled.reason).toContain('410');
    await service.post(`/v1/webhooks/${id}/test`);
    expect(await delivery(id, ({ type, status }) => type === 'test' && status === 'failed')).toMatchObject({
      error: 'the webhook is disabled',
    });
    expect(await receiver.messages('/gone', 1)).toHaveLength(1);
  });

  it('hears of the end of a sweep, and of each night of a schedule', async () => {
    const id = await webhookAt('/sweep-and-nights', [204]);
    const sweep = await submitSweep(service, smallSweep);
    const [{ message: ofSweep }] = (await receiver.messages('/sweep-and-nights', 1)) as [Received];
    expect(ofSweep).toMatchObject({ type: 'sweep.completed', data: { id: sweep.id, status: 'completed' } });
    expect(new URL(ofSweep.data.url!).pathname).toBe(`/v1/sweeps/${sweep.id}`);
    const schedule = await createSchedule(service);
    await service.post(`${schedule.links.self}/trigger`, {});
    const [, { message: ofNight }] = (await receiver.messages('/sweep-and-nights', 2)) as [Received, Received];
    const [night] = await untilNights(service, schedule, ([first]) => first?.run != null);
    expect(ofNight).toMatchObject({ type: 'backtest.completed', data: { id: night!.run } });
    await delivery(id, ({ subject, status }) => subject === night!.run && status === 'delivered');
    const { body } = await service.get<{ items: WebhookDelivery[] }>(`/v1/webhooks/${id}/deliveries`);
    expect(body.items.map(({ type, subject, status }) => ({ type, subject, status }))).toEqual([
      { type: 'backtest.completed', subject: night!.run, status: 'delivered' },
      { type: 'sweep.completed', subject: sweep.id, status: 'delivered' },
    ]);
  });

  it('hears of a batch once, and not of its items', async () => {
    const id = await webhookAt('/batch', [204]);
    const { body } = await service.post<{ id: string }>('/v1/batches', { items: [smaCross, smaCross] });
    const [{ message }] = (await receiver.messages('/batch', 1)) as [Received];
    expect(message).toMatchObject({ type: 'batch.completed', data: { id: body.id } });
    expect(await delivery(id, ({ status }) => status === 'delivered')).toMatchObject({ subject: body.id });
    const { body: all } = await service.get<{ items: WebhookDelivery[] }>(`/v1/webhooks/${id}/deliveries`);
    expect(all.items).toHaveLength(1);
  });
});
