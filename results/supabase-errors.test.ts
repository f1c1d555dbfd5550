import { describe, expect, it } from 'vitest';
import { isPassing, toStoreError } from './supabase-errors.ts';

const told = (status: number, code: string, message = 'm') => toStoreError('get_run', { status, code, message });

describe('toStoreError', () => {
  it.each([
    { when: 'nobody listens', answer: [0, '', 'TypeError: fetch failed'], remedy: /SUPABASE_URL/ },
    { when: 'a gateway fails', answer: [502, '', 'Bad gateway'], remedy: /SUPABASE_URL/ },
    { when: 'the connection broke under a statement', answer: [400, '', ''], remedy: /SUPABASE_URL/ },
    { when: 'PostgREST has no connection', answer: [503, 'PGRST001', 'm'], remedy: /tried again/ },
    { when: 'the database shuts down', answer: [500, '57P01', 'm'], remedy: /tried again/ },
    { when: 'two transactions wait for each other', answer: [500, '40P01', 'm'], remedy: /tried again/ },
    { when: 'it is read-only', answer: [405, '25006', 'm'], remedy: /read-only/ },
    { when: 'the key is not the right one', answer: [401, 'PGRST301', 'm'], remedy: /SUPABASE_SECRET_KEY/ },
    { when: 'a function is missing', answer: [404, 'PGRST202', 'm'], remedy: /supabase\/migrations/ },
  ] as const)('says what to do when $when', ({ answer: [status, code, message], remedy }) => {
    expect(told(status, code, message)).toMatchObject({ code: 'store_unavailable', message: expect.stringMatching(remedy) });
  });

  it('takes a character that cannot be stored for a fault of the request', () => {
    expect(told(400, '22P05')).toMatchObject({ code: 'invalid_request' });
  });

  it('lets a mistake in a statement be what it is', () => {
    expect(told(409, '23505')).not.toHaveProperty('faults');
    expect(told(409, '23505').message).toContain('23505');
  });
});

it('a call is repeated for a lost connection, and not for what would be refused again', () => {
  const passes = (status: number, code: string) => isPassing({ status, code, message: 'm' });
  expect([passes(0, ''), passes(503, 'PGRST001'), passes(500, '57P01'), passes(500, '40P01')]).toEqual([true, true, true, true]);
  expect([passes(405, '25006'), passes(409, '23505'), passes(401, 'PGRST301')]).toEqual([false, false, false]);
});
