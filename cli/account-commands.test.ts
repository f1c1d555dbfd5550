import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestService, type TestService } from '../api/test-service.ts';
import { runCli } from './program.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
  await service.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => service.close());

async function holdfast(args: string[], token?: string) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const written = Promise.all([text(stdout), text(stderr)]);
  const { port } = service.app.server.address() as AddressInfo;
  const status = await runCli(args, {
    env: { HOLDFAST_URL: `http://127.0.0.1:${port}`, ...(token !== undefined && { HOLDFAST_TOKEN: token }) },
    stdin: Readable.from(['']),
    stdout,
    stderr: Object.assign(stderr, { isTTY: false }) as unknown as NodeJS.WriteStream,
    untilInterrupted: () => new AbortController().signal,
    status: 0,
  });
  stdout.end();
  stderr.end();
  const [out, err] = await written;
  return { status, out: out.trim(), err };
}

describe('holdfast token', () => {
  it('makes a token that stands for its maker until it is revoked', async () => {
    const { out: secret } = await holdfast(['token', 'create', 'CI', '--write', '--days', '1']);
    expect((await holdfast(['me'], secret)).out).toMatch(/^local, known by: token\./);
    const { id } = JSON.parse((await holdfast(['token', 'ls', '--json'])).out).items[0];
    expect((await holdfast(['token', 'ls'])).out).toMatch(/CI +hf_.{5}… +read write/);
    expect((await holdfast(['token', 'revoke', id])).out).toBe(`Revoked ${id}.`);
    expect(await holdfast(['me'], secret)).toMatchObject({ status: 1, err: expect.stringContaining('Send a valid token') });
  });

  it('makes one that may only read, unless told otherwise', async () => {
    const { out: secret } = await holdfast(['token', 'create', 'notebook']);
    const { id } = await service.submit();
    expect(await holdfast(['cancel', id], secret)).toMatchObject({ status: 1, err: expect.stringContaining('may only read') });
  });
});

it('holdfast share gives a link to a run', async () => {
  const { id } = await service.submit();
  const { out: link } = await holdfast(['share', id]);
  const { searchParams } = new URL(link);
  expect((await service.get(`/v1/backtests/${id}?${searchParams.toString()}`)).statusCode).toBe(200);
});
