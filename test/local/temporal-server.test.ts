import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import { expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../local/ports.ts';
import { findTemporalCli } from '../../local/temporal-cli.ts';
import { LOOPBACK, temporalReady, temporalServerArgs } from '../../local/temporal-server.ts';
import { SEARCH_ATTRIBUTES } from '../../shared/names.ts';

async function serve(databaseFile: string, leaveOut: string | null) {
  const cacheFolder = path.resolve(import.meta.dirname, '../../.holdfast/cache');
  const cli = await findTemporalCli({ env: process.env, cacheFolder, say: () => {} });
  const port = await freePort(LOOPBACK);
  const args = temporalServerArgs({ port, uiPort: null, databaseFile, sync: 'normal' });
  const kept = args.filter((arg, i) => leaveOut === null || ![arg, args[i + 1]].some((text) => text?.startsWith(`${leaveOut}=`)));
  const server = spawn(cli, kept, { stdio: 'ignore' });
  onTestFinished(() => void server.kill('SIGKILL'));
  return {
    address: `${LOOPBACK}:${port}`,
    async stop() {
      const exit = once(server, 'exit');
      server.kill('SIGTERM');
      await exit;
    },
  };
}

it('knows every search attribute at once, also over a database that was made before one of them existed', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-temporal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'temporal.sqlite');
  const old = await serve(file, 'RunPhase');
  for (let known = 0; known === 0;) {
    const connection = await Connection.connect({ address: old.address, connectTimeout: 500 }).catch(() => null);
    const listed = await connection?.operatorService.listSearchAttributes({ namespace: 'default' }).catch(() => null);
    if (listed) expect(Object.keys(listed.customAttributes)).not.toContain('RunPhase');
    known = Object.keys(listed?.customAttributes ?? {}).length;
    await connection?.close();
  }
  await old.stop();

  const server = await serve(file, null);
  await temporalReady({ connection: { address: server.address }, namespace: 'default' }, AbortSignal.timeout(30_000));
  const connection = await Connection.connect({ address: server.address });
  const listed = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
  expect(Object.keys(listed.customAttributes)).toEqual(expect.arrayContaining(Object.keys(SEARCH_ATTRIBUTES)));
  const RunPhase = defineSearchAttributeKey('RunPhase', SearchAttributeType.KEYWORD);
  const options = { taskQueue: 'none', workflowId: 'w', typedSearchAttributes: [{ key: RunPhase, value: 'queued' }] };
  await expect(new Client({ connection }).workflow.start('any', options)).resolves.toMatchObject({ workflowId: 'w' });
  await connection.close();
  await server.stop();
});

it('tells Temporal Web where what is encrypted can be read', async () => {
  const cacheFolder = path.resolve(import.meta.dirname, '../../.holdfast/cache');
  const cli = await findTemporalCli({ env: process.env, cacheFolder, say: () => {} });
  const [port, uiPort] = [await freePort(LOOPBACK), await freePort(LOOPBACK)];
  const codecEndpoint = 'http://127.0.0.1:4000/v1/admin/codec';
  const server = spawn(cli, temporalServerArgs({ port, uiPort, databaseFile: null, sync: 'normal', codecEndpoint }), { stdio: 'ignore' });
  onTestFinished(() => void server.kill('SIGKILL'));
  for (;;) {
    const answer = await fetch(`http://${LOOPBACK}:${uiPort}/api/v1/settings`).catch(() => null);
    if (answer?.ok) return expect(await answer.json()).toMatchObject({ Codec: { Endpoint: codecEndpoint } });
  }
});
