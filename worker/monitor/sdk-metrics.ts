import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

const LOOPBACK = '127.0.0.1';
const READ_MS = 2_000;

/** What Temporal's SDK counts. It serves that on a port of its own, which only this process reads. */
export interface SdkMetrics {
  /** For `Runtime.install`. */
  readonly bindAddress: string;
  /** In the format of Prometheus. */
  read(): Promise<string>;
}

/** Finds a free port for them. */
export async function openSdkMetrics(): Promise<SdkMetrics> {
  const probe = createServer();
  await once(probe.listen(0, LOOPBACK), 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const bindAddress = `${LOOPBACK}:${port}`;
  return {
    bindAddress,
    read: async () => (await fetch(`http://${bindAddress}/metrics`, { signal: AbortSignal.timeout(READ_MS) })).text(),
  };
}

/** Calls by which a worker tells the server that it does something. */
const REPORTS = [
  'RespondWorkflowTaskCompleted',
  'RespondWorkflowTaskFailed',
  'RespondActivityTaskCompleted',
  'RespondActivityTaskFailed',
  'RespondActivityTaskCanceled',
  'RecordActivityTaskHeartbeat',
];
const REQUEST = /^temporal_request(_failure)?(?:_total)?\{([^}]*)\} (\S+)$/gm;

/** How many steps, workflow tasks and heartbeats were reported to the server and taken by it. */
export function countReports(text: string): number {
  let reports = 0;
  for (const [, failure, labels, value] of text.matchAll(REQUEST)) {
    const [, operation = ''] = /operation="(\w+)"/.exec(labels!) ?? [];
    if (REPORTS.includes(operation)) reports += Number(value) * (failure ? -1 : 1);
  }
  return reports;
}
