import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SPEC, type TestService } from '../test-service.ts';
import { HEAD, startListening, type ListeningService } from './listening.ts';

let listening: ListeningService;
let service: TestService;
beforeAll(async () => {
  listening = await startListening();
  ({ service } = listening);
});
afterAll(() => listening.close());

describe('text that means something elsewhere', () => {
  const HOSTILE = [
    "' OR '1'='1",
    `'; DROP TABLE runs; --`,
    `"; DELETE FROM runs; --`,
    '$$; select 1; $$',
    '%s %I %L %1$s',
    '{"or":"(id.neq.0)"}',
    'id.eq.1,or(owner.neq.x)',
    '\\',
    '%',
    '_',
    '*)(&',
    '${7*7}',
    '../../../../etc/passwd',
    '..%2f..%2fetc%2fpasswd',
    '....//....//etc/passwd',
    'file:///etc/passwd',
    '/etc/passwd',
    'C:\\Windows\\win.ini',
    '__proto__',
    'constructor',
  ];

  it('finds nothing as a filter, a name or an id, and changes nothing', async () => {
    await service.submit({ name: 'kept' });
    const countOf = async (): Promise<number> => (await service.store.list('local', { order: 'newest', limit: 200 })).length;
    const before = await countOf();
    for (const each of HOSTILE) {
      const given = encodeURIComponent(each);
      for (const filter of ['q', 'symbol', 'tag', 'strategy', 'status', 'sort', 'cursor', 'createdFrom', 'batch', each]) {
        const answer = await service.get(`/v1/backtests?${encodeURIComponent(filter)}=${given}`);
        expect([filter, each, [200, 422].includes(answer.statusCode)]).toEqual([filter, each, true]);
        if (answer.statusCode === 200) expect([filter, each, answer.json().items]).toEqual([filter, each, []]);
      }
      const addresses = [
        '/v1/backtests/',
        '/v1/sweeps/',
        '/v1/batches/',
        '/v1/schedules/',
        '/v1/webhooks/',
        '/v1/strategies/',
        '/docs/',
        '/',
      ];
      for (const address of [...addresses, '/v1/datasets/upload:']) {
        const answer = await service.get(address + given);
        expect([address, each, answer.statusCode >= 400 && answer.statusCode < 500]).toEqual([address, each, true]);
        expect(answer.body).not.toContain('root:');
      }
      const upload = `/v1/datasets?name=${given}&symbol=${given}`;
      const csv = { headers: { 'content-type': 'text/csv' }, payload: 'ts,open,high,low,close,volume\n2024-01-02,1,1,1,1,1\n' };
      // A name like any other, as long as it is not looked up among those of every object.
      expect([each, (await service.call('POST', upload, csv)).statusCode]).toEqual([each, each === 'constructor' ? 201 : 422]);
      const spec = { ...SPEC, data: { source: each, symbols: [each] }, strategy: { name: each } };
      expect((await service.post('/v1/backtests', spec)).statusCode).toBe(422);
    }
    expect(await countOf()).toBe(before);
  });

  it('is a name like any other, and is found by it', async () => {
    for (const name of HOSTILE) {
      const { id } = await service.submit({ name, tags: [name] });
      const found = (await service.get(`/v1/backtests?q=${encodeURIComponent(name)}&tag=${encodeURIComponent(name)}`)).json();
      expect(found.items.map((run: { id: string }) => run.id)).toEqual([id]);
    }
  });

  it('leads to no file when an address climbs out of the docs', async () => {
    for (const path of [
      '/docs/../package.json',
      '/docs/%2e%2e/package.json',
      '/docs/..%2f..%2fpackage.json',
      '/docs/js/../../../package.json',
      '/docs//etc/passwd',
    ]) {
      const answer = await listening.answerTo(`GET ${path} HTTP/1.1\r\n${HEAD}Connection: close\r\n\r\n`);
      expect([path, /^HTTP\/1\.1 4\d\d /.test(answer)]).toEqual([path, true]);
      expect(answer).not.toContain('"version"');
    }
  });
});
