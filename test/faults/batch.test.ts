import { expect, inject, it, onTestFinished } from 'vitest';
import { hashOf, itemsOf, shortRuns, submitBatch, untilBatch } from '../rig/batches.ts';
import { startService } from '../rig/service.ts';

it('does no stored item twice when the worker is killed with -9 in the middle of a batch', { timeout: 300_000 }, async () => {
  const service = await startService({ temporalAddress: inject('temporalAddress') });
  onTestFinished(() => service[Symbol.asyncDispose]());
  const worker = await service.startWorker();
  const specs = shortRuns(120);
  const undisturbed = await submitBatch(service, specs);
  await untilBatch(service, undisturbed.id, ({ status }) => status === 'completed');

  const batch = await submitBatch(service, specs);
  await untilBatch(service, batch.id, ({ progress }) => progress.done > 0);
  await worker.kill('SIGKILL');
  const before = await itemsOf(service, batch.id);
  const stored = before.filter(({ status }) => status === 'completed');
  expect(stored.length).toBeGreaterThan(0);
  expect(stored.length).toBeLessThan(specs.length);
  await service.startWorker();
  await untilBatch(service, batch.id, ({ status }) => status === 'completed');

  const after = await itemsOf(service, batch.id);
  const again = new Map(after.map((item) => [item.id, item]));
  expect(stored.map(({ id }) => again.get(id)!.finishedAt)).toEqual(stored.map(({ finishedAt }) => finishedAt));
  const hashes = (items: { id: string }[]) => Promise.all(items.map(({ id }) => hashOf(service, id)));
  expect(await hashes(after)).toEqual(await hashes(await itemsOf(service, undisturbed.id)));
});
