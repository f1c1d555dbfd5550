import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import { HoldfastError } from '../shared/errors.ts';
import { isLoopback } from '../shared/loopback.ts';
import { callDeadline } from './call-deadline.ts';

const ATTEMPTS = 30;
const PAUSE_MS = 1_000;
/** For what steps ask of Temporal: those that wait on purpose are the worker's own, over another connection. */
const CALL_MS = 10_000;

export interface TemporalLink {
  namespace: string;
  address: string;
  connection: NativeConnection;
  client: Client;
  close(): Promise<void>;
}

/**
 * Connects by the standard TEMPORAL_* variables or profile file. A server that is away is waited for about half a minute; then this
 * fails with `orchestrator_unavailable`, and the process should end so that its supervisor can see it.
 */
export async function connectToTemporal(dataConverter?: DataConverter): Promise<TemporalLink> {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const address = connectionOptions.address ?? '127.0.0.1:7233';
  const options = { ...connectionOptions, address };
  const connection = await patiently(() => NativeConnection.connect({ ...options, ...compressionFor(address) }), address);
  // In place of the default ones, which are the last of these.
  const interceptors = [callDeadline(CALL_MS), makeGrpcRetryInterceptor(defaultGrpcRetryOptions())];
  const clientConnection = await patiently(() => Connection.connect({ ...options, interceptors }), address);
  return {
    namespace,
    address,
    connection,
    client: new Client({ connection: clientConnection, namespace, ...(dataConverter && { dataConverter }) }),
    async close() {
      await Promise.all([connection.close(), clientConnection.close()]);
    },
  };
}

/** Compressing what goes through the machine's own memory would cost both sides more than it saves. */
function compressionFor(address: string): Pick<NativeConnectionOptions, 'grpcCompression'> {
  const host = address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return isLoopback(host) ? { grpcCompression: { codec: 'none' } } : {};
}

async function patiently<Value>(connect: () => Promise<Value>, address: string): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect();
    } catch (cause) {
      if (attempt === ATTEMPTS) {
        throw new HoldfastError(
          'orchestrator_unavailable',
          `No Temporal server answers at ${address}. Start it, or set TEMPORAL_ADDRESS.`,
          { cause },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
