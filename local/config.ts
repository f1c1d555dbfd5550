import path from 'node:path';
import * as z from 'zod';
import { faultsOf } from '../shared/faults.ts';
import { SETTINGS, givenSettings, homeSetting } from '../shared/settings.ts';
import { LocalError } from './local-error.ts';

export const PROJECT = path.resolve(import.meta.dirname, '..');
/** Where Node keeps what it compiled, for its next start: a process is ready a quarter of a second sooner, and each of its threads. */
export const COMPILED = path.join(PROJECT, '.holdfast/cache/compiled');

const port = z.coerce.number('write a port number').pipe(z.int().min(1).max(65_535));

/** Settings of `npm start`; none is needed. */
export const LocalConfig = z
  .object({
    HOLDFAST_HOME: homeSetting(PROJECT).transform((folder) => path.resolve(folder)),
    HOST: z.string().default('127.0.0.1'),
    PORT: port.default(4000),
    TEMPORAL_PORT: port.default(7233),
    TEMPORAL_UI_PORT: port.default(8233),
    /** A Temporal server that runs already; then none is started. */
    TEMPORAL_ADDRESS: z.string().optional(),
    /** The Temporal CLI to use, where it is not on PATH. */
    TEMPORAL_CLI_PATH: z.string().optional(),
    HOLDFAST_SYNC: SETTINGS.HOLDFAST_SYNC,
    HOLDFAST_PAYLOAD_KEYS: SETTINGS.HOLDFAST_PAYLOAD_KEYS,
  })
  .refine((config) => new Set([config.PORT, config.TEMPORAL_PORT, config.TEMPORAL_UI_PORT]).size === 3, {
    path: ['PORT'],
    message: 'PORT, TEMPORAL_PORT and TEMPORAL_UI_PORT must differ',
  });
export type LocalConfig = z.infer<typeof LocalConfig>;

/** The settings in `env`; an empty variable counts as unset. Throws an error that lists all that is wrong. */
export function readConfig(env: NodeJS.ProcessEnv): LocalConfig {
  const parsed = LocalConfig.safeParse(givenSettings(env));
  if (parsed.success) return parsed.data;
  const faults = faultsOf(parsed.error).map(({ path: name, message }) => `  ${name}: ${message} (it is "${env[name] ?? ''}")`);
  throw new LocalError(['The settings are not valid:', ...faults, 'Correct or unset them and try again.'].join('\n'));
}
