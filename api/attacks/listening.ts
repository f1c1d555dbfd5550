import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { startTestService, type TestService } from '../test-service.ts';

const LOOPBACK = '127.0.0.1';
/** The header that every request has. */
export const HEAD = `Host: ${LOOPBACK}\r\n`;
/** A client that is slower than this is cut off here; by default it has fifteen seconds. */
const PATIENCE = { headersMs: 300, bodyMs: 300, uploadMs: 2_000, lookMs: 50 };

export interface ListeningService {
  service: TestService;
  app: FastifyInstance;
  port: number;
  /** Sends bytes, and gives all that comes back until the service ends the connection. */
  answerTo: (bytes: string | Buffer) => Promise<string>;
  close: () => Promise<void>;
}

interface ListeningOptions {
  settings?: Parameters<typeof startTestService>[0];
  /** Adds to the application before it listens. */
  prepare?: (app: FastifyInstance) => void;
}

/** A service that can be spoken to byte by byte. */
export async function startListening({ settings, prepare }: ListeningOptions = {}): Promise<ListeningService> {
  const service = await startTestService(settings);
  const app = await service.restart({ patience: PATIENCE });
  prepare?.(app);
  await app.listen({ host: LOOPBACK, port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    service,
    app,
    port,
    answerTo: async (bytes) => {
      const socket = connect(port, LOOPBACK);
      socket.on('error', () => undefined);
      socket.write(bytes);
      return text(socket);
    },
    close: async () => {
      await app.close();
      await service.close();
    },
  };
}
