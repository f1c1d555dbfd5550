import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import * as z from 'zod';
import { provisionNamespace } from '../orchestration/provision.ts';
import { explain } from '../shared/explain.ts';
import { readConfig } from './config.ts';
import { ensureOwnSchedules } from './own-schedules.ts';

const ANSWER_WITHIN_MS = 60_000;
const Days = z.coerce.number().int().min(1).max(365);

/** `npm run provision`: makes namespace, search attributes and the service's own schedules; harmless when they are there. For deploys. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'retention-days': { type: 'string' } } });
  const retentionDays = values['retention-days'] === undefined ? null : Days.parse(values['retention-days']);
  const { HOLDFAST_TASK_QUEUE: taskQueue, ...config } = readConfig(process.env);
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const connection = await Connection.connect({ ...connectionOptions, connectTimeout: ANSWER_WITHIN_MS });
  try {
    const changes = await provisionNamespace(connection, { namespace, retentionDays });
    const every = { reconcile: config.HOLDFAST_RECONCILE_SECONDS, tidy: Math.round(config.HOLDFAST_TIDY_HOURS * 3_600) };
    await ensureOwnSchedules(new Client({ connection, namespace }), taskQueue, every);
    for (const line of changes) process.stdout.write(`${line}\n`);
    process.stdout.write(`The namespace ${namespace} is ${changes.some((line) => line.startsWith('MISSING')) ? 'not ready' : 'ready'}.\n`);
    if (changes.some((line) => line.startsWith('MISSING'))) process.exitCode = 1;
  } finally {
    await connection.close();
  }
}

await main().catch((error: unknown) => {
  process.stderr.write(`Nothing more could be made ready.\n${explain(error)}\n`);
  process.exitCode = 1;
});
