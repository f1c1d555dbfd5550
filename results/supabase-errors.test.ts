import { describe, expect, it } from 'vitest';
import { isPassing, toStoreError } from './supabase-errors.ts';

const told = (status: number, code: string, message = 'm') => toStoreError('get_run', { status, code, message });

describe('toStoreError', () => {
  it.each([
    ['nobody listens', 0, '', 'TypeError: fetch failed', /SUPABASE_URL/],
    ['a gateway fails', 502, '', 'Bad gateway', /SUPABASE_URL/],
    ['the connection broke under a statement', 400, '', '', /SUPABASE_URL/],
    ['PostgREST has no connection', 503, 'PGRST001', 'm', /tried again/],
    ['the database shuts down', 500, '57P01', 'm', /tried again/],
    ['two transactions wait for each other', 500, '40P01', 'm', /tried again/],
    ['it is read-only', 405, '25006', 'm', /read-only/],
    ['the key is not the right one', 401, 'PGRST301', 'm', /SUPABASE_SECRET_KEY/],
    ['a function is missing', 404, 'PGRST202', 'm', /supabase\/migrations/],
  ])('says what to do when %s', (_, status, code, message, remedy) => {
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
