import type { TestProject } from 'vitest/node';
import { startPostgres } from '../rig/postgres.ts';
import { migrateTemplate, whyNoSupabase } from '../rig/supabase.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The PostgreSQL server of this run, or why there is none. */
    postgres: { port: number } | { missing: string };
  }
}

/** One PostgreSQL server for all files, with the tables in a template. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const missing = whyNoSupabase();
  if (missing !== null) {
    project.provide('postgres', { missing });
    return undefined;
  }
  const postgres = await startPostgres();
  await migrateTemplate(postgres.port);
  project.provide('postgres', { port: postgres.port });
  return async () => postgres[Symbol.asyncDispose]();
}
