import { setTimeout as delay } from 'node:timers/promises';
import { Connection, type ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { registerSearchAttributes } from '../orchestration/provision.ts';
import { SEARCH_ATTRIBUTES } from '../shared/names.ts';

export const LOOPBACK = '127.0.0.1';

export interface TemporalServerOptions {
  port: number;
  /** Null leaves the Web UI out. */
  uiPort: number | null;
  /** Where Temporal Web has payloads decrypted that are encrypted; without it they are shown as they are kept. */
  codecEndpoint?: string;
  /** Null keeps everything in memory. */
  databaseFile: string | null;
  /** `normal` survives a killed process; `full` also a power cut, at a sync of the disk for every commit. */
  sync: 'normal' | 'full';
}

/**
 * Arguments of `temporal` for the embedded server. A dev server polls its queues 20 times a second by default, so that each step of a
 * workflow waits up to 50 ms for a tick; the raised limits remove that. The other values switch on priorities, fairness and the list of
 * workers in Temporal Web, which newer servers have on by default.
 */
export function temporalServerArgs(options: TemporalServerOptions): string[] {
  const settings = {
    'history.transferProcessorMaxPollRPS': 2000,
    'history.timerProcessorMaxPollRPS': 2000,
    'history.visibilityProcessorMaxPollRPS': 2000,
    'matching.useNewMatcher': true,
    'matching.enableFairness': true,
    'frontend.WorkerHeartbeatsEnabled': true,
    'frontend.ListWorkersEnabled': true,
  };
  return [
    'server',
    'start-dev',
    '--ip',
    LOOPBACK,
    '--port',
    String(options.port),
    '--log-level',
    'warn',
    ...(options.uiPort === null ? ['--headless'] : ['--ui-port', String(options.uiPort)]),
    ...(options.codecEndpoint === undefined ? [] : ['--ui-codec-endpoint', options.codecEndpoint]),
    ...(options.databaseFile === null
      ? []
      : ['--db-filename', options.databaseFile, '--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', `synchronous=${options.sync}`]),
    ...Object.entries(settings).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
    ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
  ];
}

export interface TemporalPlace {
  connection: ConnectionOptions;
  namespace: string;
}

/** The server that the TEMPORAL_* variables name, with the keys for it. */
export function givenTemporal(): TemporalPlace {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  return { connection: connectionOptions, namespace };
}

/** Resolves once the server answers and knows the project's search attributes; rejects when `signal` aborts before. */
export async function temporalReady(place: TemporalPlace, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const connection = await Connection.connect({ ...place.connection, connectTimeout: 1_000 }).catch(() => null);
    if (connection !== null) {
      try {
        return void (await registerSearchAttributes(connection, place.namespace));
      } catch {
        // The port answers some moments before the namespace exists.
      } finally {
        await connection.close();
      }
    }
    await delay(100, undefined, { signal });
  }
}
