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

/** Minutes on two cores, and near to what other files show: `npm run test:all` and `npm test -- FILE` run them, `npm test` does not. */
const LONG = [
  'test/faults/{changed-workflows,chaos,clock,noisy-tenant,restore,take-over,throttling}.test.ts',
  'test/integration/{containers,events,tracing,worker-versions}.test.ts',
  'test/local/tutorial.test.ts',
  'test/browser/{account,away,many-runs,new-run,schedules,sweeps,watching}.test.ts',
];
const leftOut = process.env.HOLDFAST_TESTS === 'usual' ? LONG : [];

export default defineConfig({
  test: {
    reporters: ['default', new Summary()],
    setupFiles: ['test/setup/seed.ts'],
    // For two cores: the tests of faults wait for timeouts, so that two at a time would leave a quarter of them idle.
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
          exclude: ['test/supabase/**', 'test/browser/**', ...leftOut],
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
          exclude: leftOut,
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
