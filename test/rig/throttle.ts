import { setTimeout as delay } from 'node:timers/promises';
import { Connection, isGrpcServiceError } from '@temporalio/client';

/** `RESOURCE_EXHAUSTED` of gRPC. */
const EXHAUSTED = 8;
/** Far beyond what the namespace is allowed, so that next to nothing is left for others. */
const CALLS_A_SECOND = 400;
const TICK_MS = 25;

/** Somebody who uses up what the namespace may ask of the server. */
interface Flood {
  /** How many of the flood's own calls were refused. */
  readonly refused: number;
  stop(): Promise<void>;
}

/** Calls the server far more often than its namespace may, with calls of the highest priority: signals to a workflow that is not there. */
export async function startFlood(address: string, namespace = 'default'): Promise<Flood> {
  const connection = await Connection.connect({ address, interceptors: [] });
  const { workflowService } = connection;
  const workflowExecution = { workflowId: 'nobody' };
  let [refused, isOn] = [0, true];
  const count = (error: unknown): void => {
    if (isGrpcServiceError(error) && error.code === EXHAUSTED) refused += 1;
  };
  const calling = (async () => {
    while (isOn) {
      const calls = Array.from({ length: (CALLS_A_SECOND * TICK_MS) / 1_000 }, () =>
        workflowService.signalWorkflowExecution({ namespace, workflowExecution, signalName: 'pause' }).catch(count),
      );
      await Promise.all([...calls, delay(TICK_MS)]);
    }
  })();
  return {
    get refused() {
      return refused;
    },
    async stop() {
      isOn = false;
      await calling;
      await connection.close();
    },
  };
}

/** Calls that the server has refused for their rate, by name, from its own page of metrics. */
export async function refusedCalls(metricsUrl: string): Promise<Record<string, number>> {
  const text = await (await fetch(metricsUrl)).text();
  const counts: Record<string, number> = {};
  for (const line of text.split('\n').filter((each) => each.startsWith('service_errors_resource_exhausted'))) {
    const operation = /operation="(\w+)"/.exec(line)?.[1] ?? '';
    counts[operation] = (counts[operation] ?? 0) + Number(line.split(' ').at(-1));
  }
  return counts;
}
