import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { checkPorts, freePort } from './ports.ts';

const host = '127.0.0.1';

describe('the check of the ports', () => {
  it('names every port in use with its variable and the process that holds it', async () => {
    const [api, temporal] = [createServer().listen(0, host), createServer().listen(0, host)];
    await Promise.all([once(api, 'listening'), once(temporal, 'listening')]);
    const [apiPort, temporalPort] = [api, temporal].map((server) => (server.address() as { port: number }).port) as [number, number];
    const wanted = [
      { variable: 'PORT', host, port: apiPort },
      { variable: 'TEMPORAL_PORT', host, port: temporalPort },
    ];
    const message = await checkPorts(wanted).catch((error: Error) => error.message);
    expect(message).toMatch(new RegExp(`port ${apiPort} is in use by .*\\(process ${process.pid}\\).*set PORT to a free port`));
    expect(message).toMatch(new RegExp(`port ${temporalPort} is in use.*set TEMPORAL_PORT`));
    api.close();
    temporal.close();
  });

  it('passes when all are free', async () => {
    await expect(checkPorts([{ variable: 'PORT', host, port: await freePort(host) }])).resolves.toBeUndefined();
  });

  it('names an address that this machine does not have', async () => {
    // 192.0.2.1 is kept for documentation (RFC 5737).
    await expect(checkPorts([{ variable: 'PORT', host: '192.0.2.1', port: 4000 }])).rejects.toThrow(/EADDRNOTAVAIL.*HOST/);
  });
});
