import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { startTestService, type TestService } from '../test-service.ts';

const WEB = { origin: 'http://127.0.0.1:8233', host: '127.0.0.1:4000' };

let service: TestService;
beforeAll(async () => {
  const { HOLDFAST_PAYLOAD_KEYS } = readConfig({ HOLDFAST_PAYLOAD_KEYS: `one:${randomBytes(32).toString('base64')}` });
  service = await startTestService({ HOLDFAST_PAYLOAD_KEYS });
});
afterAll(() => service.close());

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const payloads = [{ metadata: { encoding: base64('json/plain') }, data: base64('"secret"') }];

it('shows Temporal Web what is encrypted', async () => {
  const encoded = (await service.post('/v1/admin/codec/encode', { payloads })).json();
  expect(encoded.payloads[0].metadata.encoding).toBe(base64('binary/encrypted'));
  const decoded = await service.post('/v1/admin/codec/decode', encoded, WEB);
  expect(decoded.json()).toEqual({ payloads });
  expect(decoded.headers['access-control-allow-origin']).toBe(WEB.origin);
});

it('refuses what was changed, and what is no payload', async () => {
  const [hidden] = (await service.post('/v1/admin/codec/encode', { payloads })).json().payloads;
  for (const data of [`AAAA${hidden.data.slice(4)}`, '!'])
    expect((await service.post('/v1/admin/codec/decode', { payloads: [{ ...hidden, data }] })).statusCode).toBe(422);
});

it('is for operators, and not there without keys', async () => {
  const { secret } = (await service.post('/v1/tokens', { name: 'x', scopes: ['write'] })).json();
  const refused = await service.post('/v1/admin/codec/decode', { payloads }, { authorization: `Bearer ${secret}` });
  expect(refused.json()).toMatchObject({ status: 403, code: 'forbidden' });
  const without = await startTestService();
  expect((await without.post('/v1/admin/codec/decode', { payloads })).statusCode).toBe(404);
  await without.close();
});
