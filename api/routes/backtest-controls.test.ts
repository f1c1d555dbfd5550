import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RUN_REQUESTS, type RunPhase, type RunRequest, type RunStatus } from '../../shared/names.ts';
import { startTestService, type TestService } from '../test-service.ts';

let service: TestService;
let id: string;
beforeEach(async () => {
  service = await startTestService();
  id = (await service.submit()).id;
  service.orchestrator.calls.length = 0;
});
afterEach(() => service.close());

const ask = (wanted: RunRequest) => service.post(`/v1/backtests/${id}/${wanted}`);
const become = (status: RunStatus, phase: RunPhase | null = null) => service.project(id, { status, phase, settled: RUN_REQUESTS });

describe('pause, resume and cancel', () => {
  it.each(['pause', 'cancel'] as const)('record a %s and hand it on', async (wanted) => {
    await become('running', 'simulate');
    const answer = await ask(wanted);
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toMatchObject({ id, status: 'running', requested: wanted });
    expect(service.orchestrator.calls).toEqual([`${wanted} ${id}`]);
  });

  it('record a resume of a paused run and hand it on', async () => {
    await become('paused', 'simulate');
    expect((await ask('resume')).json()).toMatchObject({ status: 'paused', requested: 'resume' });
    expect(service.orchestrator.calls).toEqual([`resume ${id}`]);
  });

  it('may be repeated, and a resume takes back a pause', async () => {
    await become('running', 'simulate');
    for (const wanted of ['pause', 'pause', 'resume', 'resume', 'cancel', 'cancel'] as const) {
      const answer = await ask(wanted);
      expect(answer.statusCode).toBe(202);
      expect(answer.json().requested).toBe(wanted);
    }
  });

  it.each([
    ['pause', 'paused'],
    ['resume', 'running'],
    ['cancel', 'cancelled'],
  ] as const)('have nothing to ask for in a %s of a run that is %s', async (wanted, status) => {
    await become(status);
    const answer = await ask(wanted);
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toMatchObject({ status, requested: null });
    expect(service.orchestrator.calls).toEqual([]);
  });

  it.each([
    ['pause', 'completed'],
    ['resume', 'failed'],
    ['pause', 'cancelled'],
    ['cancel', 'completed'],
    ['cancel', 'failed'],
  ] as const)('refuse to %s a run that is %s', async (wanted, status) => {
    await become(status);
    expect((await ask(wanted)).json()).toMatchObject({ status: 409, code: 'already_finished' });
  });

  it.each(['pause', 'resume'] as const)('refuse to %s a run that is being cancelled', async (wanted) => {
    await become('running', 'simulate');
    await ask('cancel');
    expect((await ask(wanted)).json()).toMatchObject({ status: 409, code: 'cancelling' });
    await become('cancelling', 'simulate');
    expect((await ask(wanted)).json()).toMatchObject({ status: 409, code: 'cancelling' });
    expect((await ask('cancel')).statusCode).toBe(202);
  });

  it.each(['pause', 'cancel'] as const)('refuse to %s a run that writes its result', async (wanted) => {
    await become('running', 'aggregate');
    expect((await ask(wanted)).json()).toMatchObject({ status: 409, code: 'finishing' });
    expect(service.orchestrator.calls).toEqual([]);
  });

  it('refuse a pause that a cancel overtook', async () => {
    await become('running', 'simulate');
    const { store } = service;
    const request = store.request.bind(store);
    store.request = async (owner, runId, wanted) => {
      await request(owner, runId, 'cancel');
      return request(owner, runId, wanted);
    };
    expect((await ask('pause')).json()).toMatchObject({ status: 409, code: 'cancelling' });
    expect(service.orchestrator.calls).toEqual([]);
  });

  it('refuse a pause that the end of the run overtook', async () => {
    await become('running', 'simulate');
    const { store } = service;
    const request = store.request.bind(store);
    store.request = async (owner, runId, wanted) => {
      await become('completed');
      return request(owner, runId, wanted);
    };
    expect((await ask('pause')).json()).toMatchObject({ status: 409, code: 'already_finished' });
  });

  it('have nothing to add when another cancel came first', async () => {
    await become('running', 'simulate');
    const { store } = service;
    const request = store.request.bind(store);
    store.request = async (owner, runId, wanted) => {
      await become('cancelled');
      return request(owner, runId, wanted);
    };
    const answer = await ask('cancel');
    expect(answer.statusCode).toBe(202);
    expect(answer.json().status).toBe('cancelled');
    expect(service.orchestrator.calls).toEqual([]);
  });

  it('are not held up by a Temporal that is known to be away', async () => {
    await become('running', 'simulate');
    service.orchestrator.state.knownAway = true;
    expect((await ask('cancel')).json()).toMatchObject({ requested: 'cancel' });
    expect(service.orchestrator.calls).toEqual([]);
  });

  it('keep what was asked while Temporal is away', async () => {
    await become('running', 'simulate');
    service.orchestrator.state.away = true;
    const answer = await ask('pause');
    expect(answer.statusCode).toBe(202);
    expect(answer.json().requested).toBe('pause');
    expect((await service.get(`/v1/backtests/${id}`)).json().requested).toBe('pause');
  });
});
