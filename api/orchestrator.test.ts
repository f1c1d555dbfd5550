import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOrchestrator, type Orchestrator } from './orchestrator.ts';

describe('createOrchestrator while Temporal is away', () => {
  let orchestrator: Orchestrator;
  beforeEach(() => {
    vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1'); // a port nothing listens on
    vi.stubEnv('TEMPORAL_NAMESPACE', 'my space');
    orchestrator = createOrchestrator({ taskQueue: 'test', apiUrl: 'http://127.0.0.1:4000', webUrl: 'http://127.0.0.1:8233/' });
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await orchestrator.close();
  });

  it('says so with what to do, once for all who ask within two seconds', async () => {
    await expect(orchestrator.check()).rejects.toMatchObject({
      code: 'orchestrator_unavailable',
      message: expect.stringContaining('127.0.0.1:1'),
    });
    expect(await orchestrator.available()).toBe(false);
    const asked = performance.now();
    expect(await Promise.all([orchestrator.available(), orchestrator.available()])).toEqual([false, false]);
    expect(performance.now() - asked).toBeLessThan(900); // asking anew takes a second
  });

  it('knows the pages of Temporal Web all the same', () => {
    expect(orchestrator.webUrl('0199')).toBe('http://127.0.0.1:8233/namespaces/my%20space/workflows/backtest%2F0199');
  });
});
