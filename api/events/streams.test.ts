import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import Fastify from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import { startTestService } from '../test-service.ts';
import { START } from './event-stream.ts';
import { createEventStreams } from './streams.ts';

const RUNS = 20;
/** With all runs more than the system keeps for a connection, which is about 10 MB at most. */
const message = 'x'.repeat(1_000_000);

it('disconnects a client that takes nothing for the limit, holds no more for it than the system does, and counts it no more', async () => {
  const service = await startTestService();
  onTestFinished(() => service.close());
  for (let run = 0; run < RUNS; run += 1) {
    const { id } = await service.submit();
    await service.project(id, { status: 'failed', error: { code: 'internal', message }, finishedAt: Date.now() });
  }
  const streams = createEventStreams(service, { streamsPerOwner: 1, stalledMs: 300 });
  const app = Fastify({ forceCloseConnections: true });
  app.addHook('preClose', async () => streams.close());
  app.get('/', (_request, reply) => streams.send(reply, { owner: 'local', runId: null }, { after: START, snapshot: [] }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());

  const accepted = once(app.server, 'connection');
  const client = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => void client.destroy());
  client.on('error', () => undefined).pause();
  client.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  const [connection] = (await accepted) as [Socket];
  await once(connection, 'close');
  expect(connection.bytesWritten).toBeGreaterThan(message.length);
  expect(connection.bytesWritten).toBeLessThan(RUNS * message.length);
  expect(() => streams.check('local')).not.toThrow();
});
