import { afterAll, beforeAll, inject, type TestContext } from 'vitest';
import { startSupabase, type Supabase } from '../rig/supabase.ts';

/** One project for all tests of the file that calls this. Asked for in a test, it skips the test where there can be no project. */
export function sharedProject(): (context: TestContext) => Supabase {
  const postgres = inject('postgres');
  let supabase: Supabase;
  beforeAll(async () => {
    if ('port' in postgres) supabase = await startSupabase(postgres.port);
  });
  afterAll(() => supabase?.[Symbol.asyncDispose]());
  return (context) => {
    if ('missing' in postgres) context.skip(postgres.missing);
    return supabase;
  };
}

/** Empties every table. */
export async function emptied(supabase: Supabase): Promise<void> {
  const tables = await supabase.sql<{ name: string }>(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'private')",
  );
  await supabase.sql(`truncate ${tables.map(({ name }) => name).join(', ')}`);
}
