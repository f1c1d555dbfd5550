import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { beforeEach, describe, expect, it } from 'vitest';
import { specOf } from '../../results/contract-rig.ts';
import { uploadOf } from '../../results/contract-uploads.ts';
import { createSupabaseStore } from '../../results/supabase.ts';
import type { Supabase } from '../rig/supabase.ts';
import { emptied, sharedProject } from './project.ts';

const project = sharedProject();
const [alice, eve] = [randomUUID(), randomUUID()];
let supabase: Supabase;
let runId: string;

beforeEach(async (context) => {
  supabase = project(context);
  await emptied(supabase);
  runId = uuidv7();
  const store = createSupabaseStore(supabase);
  const submission = { id: runId, kind: 'backtest', owner: alice, spec: specOf({ tags: ['mine'] }), total: 10 } as const;
  await store.submit({ ...submission, idempotency: { key: 'k', fingerprint: 'f', expiresAt: Date.now() + 60_000 } });
  await store.submitBatch({
    id: uuidv7(),
    owner: alice,
    name: 'B',
    items: [{ id: uuidv7(), spec: specOf(), total: 1 }],
    idempotency: null,
  });
  await store.bookScan({ key: 'a', owner: alice, bytes: 1, at: Date.now(), ownerDayBytes: 10 });
  await store.saveUpload(uploadOf('prices', { owner: alice }));
  store.close();
});

/** A request to PostgREST as a browser can make it: with the publishable key, and the token of a user or none. */
async function ask(path: string, { user, method = 'GET', body }: { user?: string; method?: string; body?: unknown } = {}) {
  const answer = await fetch(`${supabase.url}/rest/v1/${path}`, {
    method,
    headers: {
      apikey: supabase.publishableKey,
      'content-type': 'application/json',
      prefer: 'return=representation',
      ...(user !== undefined && { authorization: `Bearer ${await supabase.tokenOf(user)}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, rows: text === '' ? null : JSON.parse(text) };
}

const tables = async (): Promise<string[]> =>
  (await supabase.sql<{ name: string }>("select tablename as name from pg_tables where schemaname = 'public' order by 1")).map(
    ({ name }) => name,
  );

describe('a signed-in user', () => {
  it('reads own rows of every table, and nothing of anyone else', async () => {
    for (const table of await tables()) {
      const own = await ask(table, { user: alice });
      expect(own.status, table).toBe(200);
      expect(own.rows.length, `${table} has rows to try with`).toBeGreaterThan(0);
      expect(
        own.rows.every(({ owner }: { owner: string }) => owner === alice),
        table,
      ).toBe(true);
      expect(await ask(table, { user: eve }), table).toEqual({ status: 200, rows: [] });
      expect(await ask(`${table}?owner=eq.${alice}`, { user: eve }), table).toEqual({ status: 200, rows: [] });
    }
  });

  it('writes nothing: a forged run does not start, and a metric stays what it was', async () => {
    const before = await supabase.sql('select * from public.runs order by id');
    const [row] = (await ask(`runs?id=eq.${runId}`, { user: alice })).rows;
    const forged = { ...row, id: uuidv7(), status: 'queued' };
    for (const owner of [alice, eve]) {
      expect((await ask('runs', { user: eve, method: 'POST', body: { ...forged, owner } })).status).toBe(403);
    }
    for (const table of await tables()) {
      for (const method of ['PATCH', 'DELETE']) {
        const answer = await ask(`${table}?owner=eq.${alice}`, { user: alice, method, body: { owner: eve } });
        expect(answer, `${method} ${table}`).toMatchObject({ status: 403, rows: { code: '42501' } });
      }
      expect((await ask(table, { user: alice, method: 'POST', body: {} })).status, `POST ${table}`).toBe(403);
    }
    const metric = { metrics: { sharpe: 9 }, status: 'completed' };
    expect((await ask(`runs?id=eq.${runId}`, { user: alice, method: 'PATCH', body: metric })).status).toBe(403);
    expect(await supabase.sql('select * from public.runs order by id')).toEqual(before);
  });
});

describe('nobody in particular', () => {
  it('reads and writes no table', async () => {
    for (const table of await tables()) {
      expect((await ask(table)).status, table).toBe(401);
      expect((await ask(table, { method: 'POST', body: { owner: alice } })).status, table).toBe(401);
    }
  });
});

describe('a function', () => {
  it('is called by the service alone, whatever is said about the owner', async () => {
    const names = await supabase.sql<{ name: string }>(
      "select distinct proname as name from pg_proc where pronamespace = 'public'::regnamespace",
    );
    expect(names.length).toBeGreaterThan(20);
    for (const user of [alice, undefined]) {
      const cancel = { owner: alice, id: runId, request: 'cancel' };
      expect((await ask('rpc/request_run', { ...(user && { user }), method: 'POST', body: cancel })).rows.code).toBe('42501');
      expect((await ask('rpc/get_run', { ...(user && { user }), method: 'POST', body: { owner: alice, id: runId } })).rows.code).toBe(
        '42501',
      );
    }
    const open = await supabase.sql(`
      select p.oid::regprocedure::text as name, r.rolname from pg_proc p, pg_roles r
      where p.pronamespace = 'public'::regnamespace and r.rolname in ('anon', 'authenticated') and has_function_privilege(r.oid, p.oid, 'execute')`);
    expect(open).toEqual([]);
  });

  it('looks names up nowhere, when it runs with the rights of its owner', async () => {
    const loose = await supabase.sql(`
      select oid::regprocedure::text as name from pg_proc
      where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
        and (prosecdef or pronamespace = 'private'::regnamespace) and not coalesce(proconfig, '{}') @> array['search_path=""']`);
    expect(loose).toEqual([]);
  });
});

describe('every table', () => {
  it('has row level security, also those that are not exposed', async () => {
    const open = await supabase.sql(`
      select relname from pg_class where relkind = 'r' and relnamespace in ('public'::regnamespace, 'private'::regnamespace) and not relrowsecurity`);
    expect(open).toEqual([]);
    expect((await ask('owners', { user: alice })).status).toBe(404);
  });
});
