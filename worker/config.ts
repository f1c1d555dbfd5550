import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import {
  ARTIFACTS_SETTING,
  CACHE_SETTING,
  MONITOR_SETTINGS,
  NO_PROJECT_FOR_KEY,
  SETTINGS,
  SOURCES_SETTING,
  STORE_SETTINGS,
  givenSettings,
  hasProjectForKey,
  homeSetting,
  memorySetting,
  modulesSetting,
} from '../shared/settings.ts';
import { ROLES } from './roles.ts';

const PROJECT = join(import.meta.dirname, '..');

/** Every setting of the worker process; none is needed for the embedded default. */
export const WorkerConfig = z
  .object({
    HOLDFAST_HOME: homeSetting(PROJECT),
    HOLDFAST_SOURCES: SOURCES_SETTING,
    HOLDFAST_ARTIFACTS: ARTIFACTS_SETTING,
    HOLDFAST_CACHE_MB: CACHE_SETTING,
    ...STORE_SETTINGS,
    HOLDFAST_TASK_QUEUE: SETTINGS.HOLDFAST_TASK_QUEUE,
    HOLDFAST_ROLE: z
      .enum(ROLES)
      .default('all')
      .describe('What this process serves: workflows and short steps, downloads, simulations, or all; --role says the same'),
    HOLDFAST_BUILD_ID: z
      .string()
      .regex(/^[\w.-]{1,100}$/, 'use letters, digits, and _ . -')
      .optional()
      .describe('Version of the code, where Temporal is to keep versions of workers apart: docs/upgrade.md'),
    HOLDFAST_SLOTS: z.coerce.number().int().min(1).max(256).default(availableParallelism()).describe('Slices simulated at once'),
    HOLDFAST_NICENESS: z.coerce
      .number()
      .int()
      .min(0)
      .max(19)
      .default(10)
      .describe('Priority that the system gives to simulations, lower the higher the number: what runs beside them stays quick'),
    HOLDFAST_SWEEP_SHARDS: z.coerce
      .number()
      .int()
      .min(1)
      .max(1_000)
      .optional()
      .describe("Shards of an owner's sweeps at a time, over all workers; left out: the slots of one"),
    HOLDFAST_SLICE_SECONDS: z.coerce.number().min(0.05).max(120).default(10).describe('Work lost at most when a worker dies'),
    HOLDFAST_MEMORY_BUDGET_MB: memorySetting(totalmem(), process.constrainedMemory()),
    HOLDFAST_MODULES: modulesSetting(PROJECT),
    HOLDFAST_MODULE_MEMORY_MB: z.coerce
      .number()
      .int()
      .min(128)
      .max(1_000_000)
      .default(1024)
      .describe("Memory that a module's process may take beside its bars"),
    HOLDFAST_MODULE_STALL_SECONDS: z.coerce.number().min(0.5).max(3600).default(10).describe("Longest single call of a module's code"),
    HOLDFAST_RUN_HOURS: z.coerce.number().positive().max(10_000).default(24).describe('Simulation time that a run may take in all'),
    // Below two seconds a busy machine would lose workers that are alive.
    HOLDFAST_HEARTBEAT_SECONDS: z.coerce
      .number()
      .int()
      .min(2)
      .max(600)
      .default(5)
      .describe('Silence after which a worker is taken for lost'),
    HOLDFAST_GRACE_SECONDS: z.coerce
      .number()
      .int()
      .min(1)
      .max(3600)
      .default(20)
      .describe('After SIGTERM: time for steps under way to store where they are. The platform must wait 10 s longer before it kills'),
    HOLDFAST_STUCK_SECONDS: z.coerce
      .number()
      .int()
      .min(1)
      .max(3600)
      .default(60)
      .describe('A worker that reports nothing for so long while tasks wait is not ready'),
    HOLDFAST_WEBHOOKS_REACH: SETTINGS.HOLDFAST_WEBHOOKS_REACH,
    HOLDFAST_PLANS: SETTINGS.HOLDFAST_PLANS,
    HOLDFAST_PAYLOAD_KEYS: SETTINGS.HOLDFAST_PAYLOAD_KEYS,
    HOLDFAST_RECONCILE_SECONDS: z.coerce.number().int().min(1).max(3600).default(30).describe('How often rows and workflows are compared'),
    HOLDFAST_TIDY_HOURS: z.coerce.number().min(0.01).max(1_000).default(6).describe('How often files that nothing names are looked for'),
    HOLDFAST_KEEP_DAYS: z.coerce.number().positive().optional().describe('Finished runs are deleted after so long'),
    HOLDFAST_HISTORY_MB: z.coerce
      .number()
      .min(0)
      .max(100)
      .default(0)
      .describe('Histories of runs that end are kept, up to so many MB of each: 0 keeps none'),
    HOLDFAST_URL: SETTINGS.HOLDFAST_URL,
    ...MONITOR_SETTINGS,
    HOLDFAST_SUPERVISED: SETTINGS.HOLDFAST_SUPERVISED,
    LOG_LEVEL: SETTINGS.LOG_LEVEL,
  })
  .refine(hasProjectForKey, NO_PROJECT_FOR_KEY);
export type WorkerConfig = z.infer<typeof WorkerConfig>;

/** Reads the settings, and `--role` of the command, which counts more; throws a ZodError that lists every fault at once. */
export function readConfig(env: NodeJS.ProcessEnv, args: readonly string[] = []): WorkerConfig {
  const { role } = parseArgs({ args: [...args], options: { role: { type: 'string' } } }).values;
  return WorkerConfig.parse({ ...givenSettings(env), ...(role !== undefined && { HOLDFAST_ROLE: role }) });
}
