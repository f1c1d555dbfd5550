import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ZodError } from 'zod';
import { faultsOf } from '../shared/faults.ts';
import { isLoopback, readConfig } from './config.ts';

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
      PORT: 4000,
      HOLDFAST_HOME: join(import.meta.dirname, '..', '.holdfast'),
      HOLDFAST_MODULES: join(import.meta.dirname, '..', 'strategies/modules'),
      HOLDFAST_MEMORY_BUDGET_MB: expect.any(Number),
      HOLDFAST_SYNC: 'normal',
      HOLDFAST_TASK_QUEUE: 'holdfast',
      HOLDFAST_SUPERVISED: '0',
      HOLDFAST_URL: 'http://127.0.0.1:4000',
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
  });
});

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.8.9.1', 'localhost', '::1'])('is true for %s', (host) => expect(isLoopback(host)).toBe(true));
  it.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example', 'localhost.example', ''])('is false for %j', (host) =>
    expect(isLoopback(host)).toBe(false),
  );
});
