import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlaces } from './places.ts';
import { createOrchestrator, type Orchestrator } from './orchestrator.ts';

let orchestrator: Orchestrator;
beforeAll(() => {
  orchestrator = createOrchestrator({ taskQueue: 'test', apiUrl: 'http://127.0.0.1:4000', webUrl: 'http://127.0.0.1:8233/' });
});
afterAll(() => orchestrator.close());

const pageOf = (settings: { HOLDFAST_PAGE: string; HOLDFAST_PAGE_URL?: string }) =>
  createPlaces(orchestrator, { HOLDFAST_PAGE_URL: undefined, ...settings }).page;

describe('where a run can be looked at', () => {
  it('is a path where this service serves the page', () => {
    const page = pageOf({ HOLDFAST_PAGE: 'web/out' });
    expect([page('0199'), page('0199', 'sweep'), page('0199', 'batch'), page('0199', 'schedule')]).toEqual([
      '/runs/view/?id=0199',
      '/sweeps/view/?id=0199',
      '/compare/?batch=0199',
      '/schedules/view/?id=0199',
    ]);
  });

  it('is an address where another host does, and nowhere where none does', () => {
    const elsewhere = pageOf({ HOLDFAST_PAGE: 'off', HOLDFAST_PAGE_URL: 'https://holdfast.example.com/' });
    expect(elsewhere('0199')).toBe('https://holdfast.example.com/runs/view/?id=0199');
    expect(pageOf({ HOLDFAST_PAGE: 'off' })('0199')).toBeNull();
  });
});
