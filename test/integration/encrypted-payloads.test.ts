import { randomBytes } from 'node:crypto';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { workflowIdOf } from '../../shared/names.ts';
import { startService, type Service } from '../rig/service.ts';
import { smaCross } from '../rig/specs.ts';

const keyOf = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const old = keyOf('old');
const fresh = keyOf('fresh');

let service: Service;
beforeAll(async () => {
  service = await startService({ temporalAddress: inject('temporalAddress'), env: { HOLDFAST_PAYLOAD_KEYS: old } });
  await service.startWorker();
});
afterAll(() => service[Symbol.asyncDispose]());

it('keep a run from whoever reads the history of its workflow, also while keys are changed', async () => {
  const { id } = await service.submit({ ...smaCross, name: 'my very own idea' });
  await service.completed(id);
  const history = await service.temporal.workflow.getHandle(workflowIdOf('backtest', id)).fetchHistory();
  const kept = JSON.stringify(JSON.parse(historyToJSON(history)));
  expect(kept).toContain(Buffer.from('binary/encrypted').toString('base64'));
  const texts = [...kept.matchAll(/"data":"([A-Za-z0-9+/=]+)"/g)].map(([, data]) => Buffer.from(data!, 'base64').toString());
  expect(texts.length).toBeGreaterThan(3);
  for (const hidden of ['very own idea', '"slow"']) expect(texts.some((text) => text.includes(hidden))).toBe(false);

  await service.stop();
  const both = { HOLDFAST_PAYLOAD_KEYS: `${fresh},${old}` };
  await service.startApi(both);
  await service.startWorker(both);
  await service.completed((await service.submit({ ...smaCross, seed: 2 })).id);
});
