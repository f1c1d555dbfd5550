import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storedResult } from '../test-results.ts';
import { startTestService, type TestService } from '../test-service.ts';

let service: TestService;
let id: string;
beforeEach(async () => {
  service = await startTestService();
  id = (await service.submit()).id;
});
afterEach(() => service.close());

const verify = (headers = {}) => service.post(`/v1/backtests/${id}/verify`, undefined, headers);

describe('verifying a run', () => {
  it('is accepted as a run of the same spec that names it', async () => {
    await service.project(id, { status: 'completed', result: await storedResult(service.artifacts, [100, 120]) });
    const answer = await verify();
    expect(answer.statusCode).toBe(202);
    const run = answer.json();
    const { spec, verifies } = (await service.get(`/v1/backtests/${id}`)).json();
    expect(run).toMatchObject({ status: 'queued', verifies: id, spec });
    expect(verifies).toBeNull();
    expect(answer.headers['location']).toBe(`/v1/backtests/${run.id}`);
    expect(service.orchestrator.calls.at(-1)).toBe(`start ${run.id}`);
    expect((await service.store.get('local', run.id))!.verifies).toBe(id);
  });

  it('is accepted once for an Idempotency-Key, which belongs to this run', async () => {
    await service.project(id, { status: 'completed', result: await storedResult(service.artifacts, [100, 120]) });
    const [first, again] = [await verify({ 'idempotency-key': 'k1' }), await verify({ 'idempotency-key': 'k1' })];
    expect(again.json().id).toBe(first.json().id);
    expect(again.headers['idempotency-replayed']).toBe('true');
    const other = await service.submit({ name: 'other' });
    await service.project(other.id, { status: 'completed', result: await storedResult(service.artifacts, [100, 120]) });
    const reused = await service.post(`/v1/backtests/${other.id}/verify`, undefined, { 'idempotency-key': 'k1' });
    expect(reused.json()).toMatchObject({ status: 422, code: 'key_reused' });
  });

  it('is refused before there is a result, for a part of one, and for no run', async () => {
    expect((await verify()).json()).toMatchObject({ status: 409, code: 'not_finished' });
    const result = await storedResult(service.artifacts, [100, 120]);
    await service.project(id, { status: 'cancelled', result: { ...result, partial: true } });
    expect((await verify()).json()).toMatchObject({ status: 409, code: 'partial_result' });
    id = '01990c3e-5a10-7000-8000-00000000000a';
    expect((await verify()).json()).toMatchObject({ status: 404 });
  });

  it('shows in the result what came of it', async () => {
    const verification = { run: id, outcome: 'identical' as const, identical: true, differences: [] };
    await service.project(id, { status: 'completed', result: { ...(await storedResult(service.artifacts, [100])), verification } });
    expect((await service.get(`/v1/backtests/${id}/result`)).json().verification).toEqual(verification);
  });
});
