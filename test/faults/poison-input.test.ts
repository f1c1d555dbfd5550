import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { expectNothingLost } from '../rig/invariants.ts';
import { expectNothingLeft } from '../rig/leftovers.ts';
import { runUndisturbed } from '../rig/references.ts';
import { startService, type Service } from '../rig/service.ts';
import { smaCross } from '../rig/specs.ts';

let service: Service;
beforeAll(async () => {
  service = await startService({ temporalAddress: inject('temporalAddress') });
  await service.startWorker();
});
afterAll(() => service?.[Symbol.asyncDispose]());

const withData = (data: object): string => JSON.stringify({ ...smaCross, data: { ...smaCross.data, ...data } });
const withParams = (params: unknown): string => JSON.stringify({ ...smaCross, strategy: { name: 'sma-cross', params } });
const synthetic = (options: object): string =>
  withData({ source: 'synthetic', symbols: ['S'], timeframe: '1m', adjust: 'none', synthetic: { bars: 1_000, ...options } });

it.each([
  ['nothing', ''],
  ['no object', '7'],
  ['half of a spec', JSON.stringify(smaCross).slice(0, 90)],
  ['an object nested 100,000 deep', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)],
  ['a list nested 100,000 deep', withParams('#').replace('"#"', '['.repeat(100_000) + ']'.repeat(100_000))],
  ['a thousand parameters that nobody declared', withParams(Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`p${i}`, i])))],
  ['a prototype as parameters', withParams('#').replace('"#"', '{"__proto__":{"fast":5},"slow":20}')],
  ['a constructor as parameters', withParams('#').replace('"#"', '{"constructor":{"prototype":{"polluted":1}}}')],
  ['a number beyond all numbers', withParams({ fast: 5, slow: 20 }).replace(':20', ':1e999')],
  ['NaN', withParams({ fast: 5, slow: 20 }).replace(':20', ':NaN')],
  ['no symbols', withData({ symbols: [] })],
  ['a symbol of a megabyte', withData({ symbols: ['A'.repeat(1 << 20)] })],
  ['a symbol that leads out of its folder', withData({ symbols: ['../../etc/passwd'] })],
  ['a symbol of control characters', withData({ symbols: ['\u0000\u202E\uD83D'] })],
  ['a strategy of the prototype', JSON.stringify({ ...smaCross, strategy: { name: '__proto__', params: {} } })],
  ['a date that is none', withData({ from: '2012-02-30' })],
  ['a date of another age', withData({ from: '+275760-09-13', to: '+275760-09-14' })],
  ['a range that ends before it begins', withData({ from: '2012-01-01', to: '2011-01-01' })],
  ['more bars than there is memory', synthetic({ bars: 1e15 })],
  ['a negative number of bars', synthetic({ bars: -1 })],
  ['fees of more than all', JSON.stringify({ ...smaCross, account: { fees: { relative: 7 } } })],
  ['a seed beyond its range', JSON.stringify({ ...smaCross, seed: 2 ** 60 })],
])('%s is refused as a problem with its reason', async (_, body) => {
  const answer = await fetch(`${service.url}/v1/backtests`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(await answer.json()).toMatchObject({ status: answer.status, code: expect.any(String), detail: expect.stringMatching(/./) });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

it('a million parameters are refused before all of them have come', async () => {
  const headers = { 'content-type': 'application/json', 'content-length': 13_000_000 };
  const sending = request(`${service.url}/v1/backtests`, { method: 'POST', headers });
  sending.write(withParams(Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`p${i}`, i]))).slice(0, -3));
  const [answer] = (await once(sending, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(413);
  expect(await json(answer)).toMatchObject({ code: 'payload_too_large', detail: expect.stringMatching(/./) });
  sending.on('error', () => undefined).destroy();
});

it('and the processes that refused it all go on with the next run', async () => {
  await runUndisturbed(service, smaCross);
  const named = { ...smaCross, name: 'נייר ערך 💥 \u202Eabc', tags: ['ключ', '日本'] };
  await runUndisturbed(service, named);
  expect(service.started.map(({ alive }) => alive)).toEqual([true, true]);
  await expectNothingLost(service);
  await expectNothingLeft(service);
});
