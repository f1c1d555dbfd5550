import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSupabaseStore } from '../../results/supabase.ts';
import type { Supabase } from '../rig/supabase.ts';
import { fillEveryTable } from './one-of-everything.ts';
import { emptied, sharedProject } from './project.ts';

const project = sharedProject();
const [alice, eve] = [randomUUID(), randomUUID()];
let supabase: Supabase;
let runId: string;

beforeEach(async (context) => {
  supabase = project(context);
  await emptied(supabase);
  const store = createSupabaseStore(supabase);
  runId = await fillEveryTable(store, alice);
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
      const cancel = { owner: alice, id: runId, kind: 'backtest', request: 'cancel' };
      expect((await ask('rpc/request_run', { ...(user && { user }), method: 'POST', body: cancel })).rows.code).toBe('42501');
      expect(
        (await ask('rpc/get_run', { ...(user && { user }), method: 'POST', body: { owner: alice, id: runId, kind: 'backtest' } })).rows
          .code,
      ).toBe('42501');
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

describe('forgetting', () => {
  it('leaves no row of an owner in any table, and all of another', async () => {
    const store = createSupabaseStore(supabase);
    await fillEveryTable(store, eve);
    await supabase.sql("update public.runs set status = 'cancelled', finished_at = 1; update public.batches set status = 'cancelled'");
    const rowsOf = async (owner: string) => {
      const owned = await supabase.sql<{ name: string }>(`
        select format('%I.%I', table_schema, table_name) as name from information_schema.columns
        where column_name = 'owner' and table_schema in ('public', 'private') and table_name not like '%_runs' order by 1`);
      const counts = owned.map(({ name }) => `select '${name}' as name, count(*)::int as rows from ${name} where owner = '${owner}'`);
      return supabase.sql<{ name: string; rows: number }>(`${counts.join(' union all ')} order by 1`);
    };
    const before = await rowsOf(eve);
    expect(before.filter(({ rows }) => rows === 0)).toEqual([]);
    expect(await store.forget(alice)).toBe(false);
    await supabase.sql('delete from public.schedules where owner = $1', [alice]); // as once they are gone from Temporal
    expect(await store.forget(alice)).toBe(true);
    expect((await rowsOf(alice)).filter(({ rows }) => rows > 0)).toEqual([]);
    expect(await rowsOf(eve)).toEqual(before);
    store.close();
  });
});

it('has a version of its own for each migration, by which the Supabase CLI knows it', () => {
  const versions = readdirSync(path.join(import.meta.dirname, '../../supabase/migrations')).map((file) => file.split('_')[0]);
  expect(new Set(versions).size).toBe(versions.length);
});

describe('every table', () => {
  it('has row level security, also those that are not exposed', async () => {
    const open = await supabase.sql(`
      select relname from pg_class where relkind = 'r' and relnamespace in ('public'::regnamespace, 'private'::regnamespace) and not relrowsecurity`);
    expect(open).toEqual([]);
    expect((await ask('owners', { user: alice })).status).toBe(404);
  });
});
