import { parseArgs } from 'node:util';
import { Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { explain } from '../shared/explain.ts';
import { readConfig } from './config.ts';
import { findingOf, ownChecks, temporalChecks, type Finding } from './diagnose.ts';

const CONNECT_MS = 5_000;

/** `holdfast doctor`, or `npm run doctor`: looks at everything that a worker with these settings needs, and says how to mend what is not well. */
async function main(): Promise<Finding[]> {
  const config = readConfig(process.env);
  const findings = await Promise.all(ownChecks(config, process.env.HOLDFAST_TOKEN || process.env.API_TOKEN).map(findingOf));
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const address = connectionOptions.address ?? '127.0.0.1:7233';
  try {
    const connection = await Connection.connect({ ...connectionOptions, address, connectTimeout: CONNECT_MS });
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    findings.push({ what: 'Temporal', ok: true, said: `${serverVersion} at ${address}`, remedy: null });
    findings.push(...(await Promise.all(temporalChecks(connection, namespace, config).map(findingOf))));
    await connection.close();
  } catch (error) {
    const remedy = `Start it, or set TEMPORAL_ADDRESS; of a cloud: TEMPORAL_NAMESPACE, and TEMPORAL_API_KEY or a certificate.`;
    findings.push({ what: 'Temporal', ok: false, said: `${address}: ${error instanceof Error ? error.message : String(error)}`, remedy });
  }
  return findings;
}

try {
  const { json } = parseArgs({ options: { json: { type: 'boolean', default: false } } }).values;
  const findings = await main();
  process.stdout.write(json ? `${JSON.stringify(findings, null, 2)}\n` : findings.map(inWords).join(''));
  process.exitCode = findings.every(({ ok }) => ok) ? 0 : 1;
} catch (error) {
  process.stderr.write(`The settings are not valid.\n${explain(error)}\n`);
  process.exitCode = 1;
}

function inWords({ what, ok, said, remedy }: Finding): string {
  return `${ok ? 'ok  ' : 'BAD '} ${what}: ${said}\n${remedy === null ? '' : `      ${remedy}\n`}`;
}
