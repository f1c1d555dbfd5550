import { describe, expect, it } from 'vitest';
import { isPassing, toStoreError } from './supabase-errors.ts';

const told = (status: number, code: string) => toStoreError('get_run', { status, code, message: 'm' });

describe('toStoreError', () => {
  it.each([
    ['nobody listens', { status: 0, code: '', message: 'TypeError: fetch failed' }, /SUPABASE_URL/],
    ['a gateway fails', { status: 502, code: '', message: 'Bad gateway' }, /SUPABASE_URL/],
    ['the connection broke under a statement', { status: 400, code: '', message: '' }, /SUPABASE_URL/],
    ['PostgREST has no connection', { status: 503, code: 'PGRST001', message: 'm' }, /tried again/],
    ['the database shuts down', { status: 500, code: '57P01', message: 'm' }, /tried again/],
    ['two transactions wait for each other', { status: 500, code: '40P01', message: 'm' }, /tried again/],
    ['it is read-only', { status: 405, code: '25006', message: 'm' }, /read-only/],
    ['the key is not the right one', { status: 401, code: 'PGRST301', message: 'm' }, /SUPABASE_SECRET_KEY/],
    ['a function is missing', { status: 404, code: 'PGRST202', message: 'm' }, /supabase\/migrations/],
  ])('says what to do when %s', (_, failure, remedy) => {
    expect(toStoreError('get_run', failure)).toMatchObject({ code: 'store_unavailable', message: expect.stringMatching(remedy) });
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
