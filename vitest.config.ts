import { defineConfig } from 'vitest/config';
import { Summary } from './test/setup/summary.ts';

const UNIT_FOLDERS = [
  'shared',
  'web',
  'engine',
  'strategies',
  'module-host',
  'artifacts',
  'market-data',
  'monitoring',
  'results',
  'orchestration',
  'webhooks',
  'activities',
  'workflows',
  'worker',
  'api',
  'cli',
  'local',
  'bench',
];

export default defineConfig({
  test: {
    reporters: ['default', new Summary()],
    setupFiles: ['test/setup/seed.ts'],
    // The machine that this must pass on has two cores; tests across processes wait for most of their time.
    maxWorkers: 3,
    // Not a measure of anything: a busy machine starts processes slowly.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: UNIT_FOLDERS.map((folder) => `${folder}/**/*.test.ts`) },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/**/*.test.ts'],
          exclude: ['test/supabase/**', 'test/browser/**'],
          globalSetup: ['test/setup/temporal-server.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/setup/temporal-server.ts', 'test/browser/rig/built-page.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'supabase',
          include: ['test/supabase/**/*.test.ts'],
          globalSetup: ['test/setup/supabase.ts'],
        },
      },
    ],
  },
});
