import * as z from 'zod';
import { Plans } from './limits.ts';
import { DEFAULT_TASK_QUEUE } from './names.ts';

const KEY_BYTES = 32;
type PayloadKeys = [{ id: string; key: Uint8Array }, ...{ id: string; key: Uint8Array }[]];

/** Null for what is no base64. */
function bytesOf(base64: string): Uint8Array | null {
  return z.base64().safeParse(base64).success ? Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)) : null;
}

/** Settings that more than one process reads; each process lists those it needs. */
export const SETTINGS = {
  HOLDFAST_SYNC: z.enum(['normal', 'full']).default('normal').describe('full: commits survive a power cut, not only a killed process'),
  HOLDFAST_TASK_QUEUE: z.string().min(1).default(DEFAULT_TASK_QUEUE).describe('Prefix of the task queues'),
  HOLDFAST_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:4000')
    .transform((url) => url.replace(/\/+$/, ''))
    .describe('Where people and the command line reach the API; Temporal Web links there'),
  HOLDFAST_PLANS: z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(Plans)
    .optional()
    .describe('Limits of owners, in JSON: {"default": {"openRuns": 20}, "pro": {}}'),
  HOLDFAST_PAYLOAD_KEYS: z
    .string()
    .transform((text, context) => {
      const keys = text.split(',').map((each) => {
        const [id = '', key = ''] = each.trim().split(':');
        return { id, key: bytesOf(key) };
      });
      const [first, ...others] = keys.filter(({ id, key }) => /^[\w.-]{1,64}$/.test(id) && key?.length === KEY_BYTES) as PayloadKeys;
      if (first !== undefined && others.length === keys.length - 1) return [first, ...others] satisfies PayloadKeys;
      context.addIssue({
        code: 'custom',
        message: 'write ID:KEY, each key 32 bytes in base64, separated by commas; the first one encrypts',
      });
      return z.NEVER;
    })
    .optional()
    .describe('Keys that encrypt what Temporal keeps of runs'),
  HOLDFAST_WEBHOOKS_REACH: z
    .enum(['public', 'any'])
    .default('public')
    .describe('any: webhooks may also be on this machine, on private networks and without TLS'),
  HOLDFAST_MONITOR_PORT: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe(
      "Port of /metrics, /healthz and /readyz of this process; none without. Under npm start that of the API, the next one is the worker's",
    ),
  HOLDFAST_MONITOR_HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on for them; it has no sign-in'),
  HOLDFAST_TRACES_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Base address of a collector of traces that speaks OTLP over HTTP; no traces without'),
  HOLDFAST_SUPERVISED: z.enum(['0', '1']).default('0').describe('1: end when the process that started this one goes away'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info').describe('Least severe level that is logged'),
} as const;

/** What both processes show of themselves to whoever runs them. */
export const MONITOR_SETTINGS = {
  HOLDFAST_MONITOR_PORT: SETTINGS.HOLDFAST_MONITOR_PORT,
  HOLDFAST_MONITOR_HOST: SETTINGS.HOLDFAST_MONITOR_HOST,
  HOLDFAST_TRACES_URL: SETTINGS.HOLDFAST_TRACES_URL,
} as const;

/** Where rows are kept: without the secret key in a file. Only API and workers may have the key: it reads and writes everything. */
export const STORE_SETTINGS = {
  HOLDFAST_SYNC: SETTINGS.HOLDFAST_SYNC,
  SUPABASE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Of the Supabase project whose users may sign in; with SUPABASE_SECRET_KEY rows are kept there, too'),
  SUPABASE_SECRET_KEY: z.string().min(1).optional().describe('Of the project: rows are kept there, and not in a file'),
} as const;
export type StoreSettings = z.infer<z.ZodObject<typeof STORE_SETTINGS>>;

export function hasProjectForKey({
  SUPABASE_URL,
  SUPABASE_SECRET_KEY,
}: Pick<StoreSettings, 'SUPABASE_URL' | 'SUPABASE_SECRET_KEY'>): boolean {
  return SUPABASE_SECRET_KEY === undefined || SUPABASE_URL !== undefined;
}
export const NO_PROJECT_FOR_KEY = { path: ['SUPABASE_URL'], message: 'is needed beside SUPABASE_SECRET_KEY' };

/** Where everything is kept that outlives a process; `project` is the folder of the clone. */
export function homeSetting(project: string) {
  return z.string().min(1).default(`${project}/.holdfast`).describe('Folder of all state: rows, artifacts, logs');
}

/** Where sources of bars are described; bundled ones need no description. */
export const SOURCES_SETTING = z.string().min(1).optional().describe('JSON file that describes sources of bars: docs/data.md');

/** Where files are kept: without an address in the home folder. */
export const ARTIFACTS_SETTING = z
  .string()
  .regex(
    /^(?:s3|gs):\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[A-Za-z0-9_./-]*)?$/,
    'write s3://BUCKET or gs://BUCKET, and behind it /PREFIX where there is one',
  )
  .optional()
  .describe('Bucket of the artifacts; docs/supabase.md says which variables tell where it is and with which key');

const CACHE_MB = 10_240;

/** Copies of what lies elsewhere, so that it is fetched once. */
export const CACHE_SETTING = z.coerce.number().int().min(1).default(CACHE_MB).describe('Disk for copies of what lies in buckets, in MB');

/** Where the operator's strategies lie, one TypeScript file each. */
export function modulesSetting(project: string) {
  return z.string().min(1).default(`${project}/strategies/modules`).describe('Folder of the modules');
}

/** What a worker's datasets and jobs may take. The API knows it to say what cannot fit. `available`: bytes of the machine, and of the container. */
export function memorySetting(...available: number[]) {
  const half = Math.round(Math.min(...available.filter((bytes) => bytes > 0)) / 2 / 2 ** 20);
  return z.coerce.number().int().min(64).default(Math.max(64, half)).describe('Memory for datasets and the jobs that work on them');
}

/** Settings without the variables that are empty: a line such as `PORT=` in a file counts as unset. */
export function givenSettings(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])));
}
