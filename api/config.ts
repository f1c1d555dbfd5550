import { totalmem } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { isLoopback } from '../shared/loopback.ts';
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
import { ACCESS_SETTINGS } from './auth/settings.ts';

const PROJECT = join(import.meta.dirname, '..');

/** Every setting of the API process; none is needed for the embedded default. Temporal's own TEMPORAL_* variables are read beside them. */
export const ApiConfig = z
  .object({
    HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on; anything but loopback needs API_TOKEN or SUPABASE_URL'),
    PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
    ...ACCESS_SETTINGS,
    HOLDFAST_HOME: homeSetting(PROJECT),
    HOLDFAST_MODULES: modulesSetting(PROJECT),
    HOLDFAST_MEMORY_BUDGET_MB: memorySetting(totalmem(), process.constrainedMemory()),
    HOLDFAST_SOURCES: SOURCES_SETTING,
    ...STORE_SETTINGS,
    HOLDFAST_ARTIFACTS: ARTIFACTS_SETTING,
    HOLDFAST_CACHE_MB: CACHE_SETTING,
    HOLDFAST_URL: SETTINGS.HOLDFAST_URL,
    HOLDFAST_TASK_QUEUE: SETTINGS.HOLDFAST_TASK_QUEUE,
    ...MONITOR_SETTINGS,
    HOLDFAST_SUPERVISED: SETTINGS.HOLDFAST_SUPERVISED,
    HOLDFAST_PAYLOAD_KEYS: SETTINGS.HOLDFAST_PAYLOAD_KEYS,
    HOLDFAST_PLANS: SETTINGS.HOLDFAST_PLANS,
    HOLDFAST_WEBHOOKS_REACH: SETTINGS.HOLDFAST_WEBHOOKS_REACH,
    HOLDFAST_EVENT_STREAMS: z.coerce.number().int().positive().default(1_000).describe('Event streams an owner may have open at once'),
    HOLDFAST_PAGE: z
      .string()
      .min(1)
      .default(join(PROJECT, 'web/out'))
      .describe('Folder of the page, as `npm run build -w web` makes it; off: none is served'),
    HOLDFAST_PAGE_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Address of the page, where another host serves it: links lead there'),
    HOLDFAST_UPLOAD_MB: z.coerce.number().int().min(1).max(100_000).default(256).describe('Largest file that may be uploaded'),
    TEMPORAL_WEB_URL: z
      .url({ protocol: /^https?$/ })
      .default('http://127.0.0.1:8233')
      .describe("Where runs are linked to in Temporal's UI"),
    LOG_LEVEL: SETTINGS.LOG_LEVEL,
  })
  .refine((config) => isLoopback(config.HOST) || config.API_TOKEN !== undefined || config.SUPABASE_URL !== undefined, {
    path: ['HOST'],
    message: 'can be reached from other machines: set API_TOKEN or SUPABASE_URL, or bind to 127.0.0.1',
    when: ({ value }) => typeof value === 'object' && value !== null && 'HOST' in value && typeof value.HOST === 'string',
  })
  .refine(hasProjectForKey, NO_PROJECT_FOR_KEY)
  .refine((config) => config.SUPABASE_JWT_SECRET === undefined || config.SUPABASE_URL !== undefined, {
    path: ['SUPABASE_JWT_SECRET'],
    message: 'is for sessions of a project: set SUPABASE_URL, which issues them',
  });
export type ApiConfig = z.infer<typeof ApiConfig>;

/** Reads the settings; throws a ZodError that lists every fault at once. */
export function readConfig(env: NodeJS.ProcessEnv): ApiConfig {
  return ApiConfig.parse(givenSettings(env));
}
