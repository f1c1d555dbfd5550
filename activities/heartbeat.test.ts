import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, it } from 'vitest';
import { untilLeaving } from './heartbeat.ts';

const never = new Promise<string>(() => undefined);

it('work that hangs is left soon after its worker is told to end', async () => {
  const environment = new MockActivityEnvironment();
  const left = environment.run(() => untilLeaving(never, () => 'so far'));
  environment.cancel('WORKER_SHUTDOWN');
  expect(await left).toBe('so far');
});

it('work that ends in time gives its result, also while its worker ends', async () => {
  const environment = new MockActivityEnvironment();
  const { promise: work, resolve: end } = Promise.withResolvers<string>();
  const ended = environment.run(() => untilLeaving(work, () => 'so far'));
  environment.cancel('WORKER_SHUTDOWN');
  end('all of it');
  expect(await ended).toBe('all of it');
});
