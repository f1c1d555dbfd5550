import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { DEFAULT_TASK_QUEUE } from '../shared/names.ts';

const PROJECT = join(import.meta.dirname, '..');

/** Every setting of the worker process; none is needed for the embedded default. */
const WorkerConfig = z.object({
  HOLDFAST_HOME: z.string().default(join(PROJECT, '.holdfast')).describe('Folder of all state: rows and artifacts'),
  HOLDFAST_SYNC: z.enum(['normal', 'full']).default('normal').describe('full: commits survive a power cut, not only a killed process'),
  HOLDFAST_TASK_QUEUE: z.string().min(1).default(DEFAULT_TASK_QUEUE).describe('Prefix of the task queues'),
  HOLDFAST_SLOTS: z.coerce.number().int().min(1).max(256).default(availableParallelism()).describe('Slices simulated at once'),
  HOLDFAST_SLICE_SECONDS: z.coerce.number().min(0.05).max(120).default(10).describe('Work lost at most when a worker dies'),
  HOLDFAST_DATASET_MEMORY_MB: z.coerce
    .number()
    .int()
    .min(16)
    .default(Math.round(totalmem() / 4 / 2 ** 20))
    .describe('Memory for datasets that are kept loaded'),
  HOLDFAST_RECONCILE_SECONDS: z.coerce.number().int().min(1).max(3600).default(30).describe('How often rows and workflows are compared'),
  HOLDFAST_SUPERVISED: z.enum(['0', '1']).default('0').describe('1: end when the process that started this one goes away'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
});
export type WorkerConfig = z.infer<typeof WorkerConfig>;

/** Reads the settings; throws a ZodError that lists every fault at once. */
export function readConfig(env: NodeJS.ProcessEnv): WorkerConfig {
  return WorkerConfig.parse(env);
}
