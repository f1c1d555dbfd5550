import { join } from 'node:path';
import type { StoreSettings } from '../shared/settings.ts';
import { createSqliteStore } from './sqlite.ts';
import type { ResultStore } from './store.ts';
import { createSupabaseStore } from './supabase.ts';

/** The row store that the settings name: in a Supabase project where its secret key is given, else a file in the home folder. */
export function openResultStore(settings: StoreSettings & { HOLDFAST_HOME: string }): ResultStore {
  const { SUPABASE_URL: url, SUPABASE_SECRET_KEY: secretKey, HOLDFAST_HOME: home, HOLDFAST_SYNC: sync } = settings;
  if (url !== undefined && secretKey !== undefined) return createSupabaseStore({ url, secretKey });
  return createSqliteStore({ file: join(home, 'rows.sqlite'), sync });
}
