import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ZodError } from 'zod';
import { faultsOf } from '../shared/faults.ts';
import { readConfig } from './config.ts';

const faultPaths = (env: NodeJS.ProcessEnv): string[] => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ZodError) return faultsOf(error).map(({ path }) => path);
    throw error;
  }
  return [];
};

describe('readConfig', () => {
  it('needs nothing', () => {
    expect(readConfig({})).toEqual({
      HOST: '127.0.0.1',
      HOLDFAST_MONITOR_HOST: '127.0.0.1',
      PORT: 4000,
      HOLDFAST_HOME: join(import.meta.dirname, '..', '.holdfast'),
      HOLDFAST_MODULES: join(import.meta.dirname, '..', 'strategies/modules'),
      HOLDFAST_CACHE_MB: 10_240,
      HOLDFAST_MEMORY_BUDGET_MB: expect.any(Number),
      HOLDFAST_PAGE: join(import.meta.dirname, '..', 'web/out'),
      HOLDFAST_SYNC: 'normal',
      HOLDFAST_TASK_QUEUE: 'holdfast',
      HOLDFAST_SUPERVISED: '0',
      HOLDFAST_URL: 'http://127.0.0.1:4000',
      SUPABASE_JWT_AUDIENCE: 'authenticated',
      HOLDFAST_ADMINS: [],
      HOLDFAST_ORIGINS: [],
      HOLDFAST_REQUESTS_PER_MINUTE: 1_200,
      HOLDFAST_OVERLOAD_MS: 1_000,
      HOLDFAST_WEBHOOKS_REACH: 'public',
      HOLDFAST_EVENT_STREAMS: 1_000,
      HOLDFAST_UPLOAD_MB: 256,
      TEMPORAL_WEB_URL: 'http://127.0.0.1:8233',
      LOG_LEVEL: 'info',
    });
  });

  it('lists every fault at once', () => {
    const env = {
      HOST: '0.0.0.0',
      PORT: '70000',
      API_TOKEN: 'short',
      HOLDFAST_SYNC: 'never',
      TEMPORAL_WEB_URL: 'javascript:alert(1)',
      LOG_LEVEL: 'loud',
    };
    expect(faultPaths(env).toSorted()).toEqual(['API_TOKEN', 'HOLDFAST_SYNC', 'LOG_LEVEL', 'PORT', 'TEMPORAL_WEB_URL']);
    expect(faultPaths({ HOST: '0.0.0.0', PORT: '70000' }).toSorted()).toEqual(['HOST', 'PORT']);
  });

  it('refuses a secret key without its project', () => {
    expect(faultPaths({ SUPABASE_SECRET_KEY: 'sb_secret_x' })).toEqual(['SUPABASE_URL']);
    expect(faultPaths({ SUPABASE_SECRET_KEY: 'sb_secret_x', SUPABASE_URL: 'https://x.supabase.co' })).toEqual([]);
  });

  it('refuses to be reached from other machines without a token', () => {
    expect(faultPaths({ HOST: '192.168.1.5' })).toEqual(['HOST']);
    expect(faultPaths({ HOST: '192.168.1.5', API_TOKEN: 'a-token-of-some-length' })).toEqual([]);
    expect(faultPaths({ HOST: '192.168.1.5', SUPABASE_URL: 'https://project.supabase.co' })).toEqual([]);
    expect(faultPaths({ HOST: '192.168.1.5', SUPABASE_JWT_SECRET: 'x'.repeat(32) })).toEqual(['HOST', 'SUPABASE_JWT_SECRET']);
  });
});

describe('settings of access', () => {
  it('are lists, and limits by plan in JSON', () => {
    const id = '0a0a0a0a-0000-4000-8000-00000000000a';
    const env = {
      HOLDFAST_ADMINS: `${id}, ${id}`,
      HOLDFAST_ORIGINS: 'https://app.example.com,https://app-*.example.com',
      HOLDFAST_PLANS: '{"default":{"openRuns":5},"pro":{}}',
    };
    expect(readConfig(env)).toMatchObject({
      HOLDFAST_ADMINS: [id, id],
      HOLDFAST_ORIGINS: ['https://app.example.com', 'https://app-*.example.com'],
      HOLDFAST_PLANS: { default: { openRuns: 5 }, pro: {} },
    });
  });

  it.each([
    ['HOLDFAST_ADMINS', 'root'],
    ['HOLDFAST_ORIGINS', '*'],
    ['HOLDFAST_ORIGINS', 'https://a.example/path'],
    ['HOLDFAST_PLANS', '{"default":'],
    ['HOLDFAST_PLANS', '{"default":{"openRunz":5}}'],
    ['SUPABASE_URL', 'postgres://db'],
  ])('refuse %s=%s', (name, value) => {
    expect(faultPaths({ [name]: value }).map((path) => path.split('.')[0])).toEqual([name]);
  });
});
