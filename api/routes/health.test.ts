import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startTestService, type TestService } from '../test-service.ts';

describe('health', () => {
  let service: TestService;
  beforeEach(async () => {
    service = await startTestService();
  });
  afterEach(() => service.close());

  const fine = { ok: true, message: null };

  it('is ready when every dependency answers', async () => {
    const answer = await service.get('/readyz');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ status: 'ready', dependencies: { rows: fine, artifacts: fine, temporal: fine } });
  });

  it('names each dependency that is away, while the process itself is alive', async () => {
    service.orchestrator.state.away = true;
    service.store.close();
    const answer = await service.get('/readyz');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({
      status: 'unavailable',
      dependencies: { rows: { ok: false, message: expect.stringContaining('row store') }, artifacts: fine, temporal: { ok: false } },
    });
    expect((await service.get('/healthz')).json()).toEqual({ status: 'ok' });
  });

  it('does not wait for a dependency that hangs', async () => {
    service.orchestrator.check = () => new Promise(() => {});
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const answer = service.get('/readyz');
    await vi.waitUntil(() => vi.getTimerCount() > 0);
    await vi.advanceTimersByTimeAsync(2_000);
    expect((await answer).json()).toMatchObject({
      status: 'unavailable',
      dependencies: { temporal: { ok: false, message: 'No answer within 2000 ms' } },
    });
  });
});
