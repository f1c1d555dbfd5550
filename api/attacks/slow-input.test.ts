import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SPEC, startTestService, type TestService } from '../test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

/** Of the processor, for input that was made to be slow. */
const MOST_CPU_MS = 100;

describe('input that was made to be slow', () => {
  /** The least of three: the first also compiles, and the collector may come in between. */
  async function cpuOf(call: () => Promise<unknown>): Promise<number> {
    let least = Infinity;
    for (let round = 0; round < 3; round++) {
      const before = process.cpuUsage();
      await call();
      const { user, system } = process.cpuUsage(before);
      least = Math.min(least, (user + system) / 1_000);
    }
    return least;
  }
  const many = (text: string, count = 20_000): string => text.repeat(count);
  const rules = (enterLong: string) => service.post('/v1/strategies/check', { rules: { enterLong, exitLong: 'close < 1' } });

  it.each([
    ['brackets', many('(') + '1' + many(')')],
    ['brackets that never close', many('(')],
    ['signs', `${many('-')}1 > 0`],
    ['negations', `${many('!')}(close > 1)`],
    ['comparisons', `close ${many('> close ', 5_000)}`],
    ['sums', `${many('close + ', 10_000)}1 > 0`],
    ['choices', `${many('close > 1 ? close : ', 3_000)}1`],
    ['calls in calls', `${many('sma(', 5_000)}close${many(', 5)', 5_000)} > 1`],
    ['arguments', `max(${many('close, ', 10_000)}close) > 1`],
    ['a long name', `${many('a', 100_000)} > 1`],
    ['digits', `close > ${many('9', 100_000)}`],
    ['digits and dots', `close > ${many('9.', 20_000)}`],
    ['exponents', `close > ${many('1e', 20_000)}`],
    ['spaces', `close >${many(' ', 500_000)}`],
    ['a text that does not end', `close > "${many('\\"', 50_000)}`],
    ['dots', `close${many('.close', 10_000)} > 1`],
    ['square brackets', `close${many('[0', 10_000)} > 1`],
  ])('as an expression of many %s is soon refused or read', async (_, expression) => {
    const answer = await rules(expression);
    expect(answer.statusCode).toBeLessThan(500);
    expect(await cpuOf(() => rules(expression))).toBeLessThan(MOST_CPU_MS);
  });

  it.each([
    ['a search', `/v1/backtests?q=${encodeURIComponent(many('a%', 100))}`],
    ['a status', `/v1/backtests?status=${many('queued,', 2_000)}`],
    ['a cursor', `/v1/backtests?cursor=${many('A', 15_000)}`],
    ['a moment', `/v1/backtests?createdFrom=${many('2', 15_000)}`],
    ['a moment with many fractions', `/v1/backtests?createdFrom=2024-01-01T00:00:00.${many('0', 15_000)}Q`],
    ['a sort', `/v1/sweeps/x/trials?sort=${many('-', 15_000)}`],
    ['an id', `/v1/backtests/${many('a-', 5_000)}`],
    ['slashes', many('/', 15_000)],
    ['escapes', `/v1/${many('%25', 5_000)}`],
    ['parameters', `/v1/backtests?${many('a&', 7_000)}`],
  ])('as %s of an address is soon answered', async (_, url) => {
    expect((await service.get(url)).statusCode).toBeLessThan(500);
    expect(await cpuOf(() => service.get(url))).toBeLessThan(MOST_CPU_MS);
  });

  it.each([
    ['Idempotency-Key', `"${many('\\"', 7_000)}`],
    ['Idempotency-Key', many('"', 15_000)],
    ['X-Request-Id', `${many('a', 15_000)}!`],
    ['Authorization', `Bearer${many(' ', 15_000)}`],
    ['Authorization', `Bearer ${many('a.', 7_000)}`],
    ['If-None-Match', many('W/"a",', 2_500)],
    ['Last-Event-ID', many('1-', 7_000)],
    ['Content-Type', `application/json${many(';', 15_000)}`],
    ['Accept', many('a/b;q=0.1,', 1_500)],
  ])('as %s is soon answered', async (name, value) => {
    const call = () => service.post('/v1/backtests/estimate', SPEC, { [name]: value });
    expect((await call()).statusCode).toBeLessThan(500);
    expect(await cpuOf(call)).toBeLessThan(MOST_CPU_MS);
  });

  it.each([
    ['a cron', { cron: many('*/', 10_000) }],
    ['a cron of many fields', { cron: many('* ', 10_000) }],
    ['a cron of many ranges', { cron: `${many('1-2,', 5_000)}1 * * * *` }],
    ['a jitter', { cron: '* * * * *', jitter: many('9', 50_000) }],
    ['a zone', { cron: '* * * * *', timeZone: many('America/', 5_000) }],
  ])('as %s of a schedule is soon refused', async (_, timing) => {
    const call = () => service.post('/v1/schedules', { name: 'S', spec: SPEC, ...timing });
    expect((await call()).statusCode).toBe(422);
    expect(await cpuOf(call)).toBeLessThan(MOST_CPU_MS);
  });
});
