import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

const ROOT = path.resolve(import.meta.dirname, '../..');

const Condition = z.enum(['service_healthy', 'service_completed_successfully']);
const Service = z.looseObject({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).default([]),
  entrypoint: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  profiles: z.array(z.string()).default([]),
  restart: z.string(),
  stop_grace_period: z.string().optional(),
  healthcheck: z.union([z.object({ disable: z.literal(true) }), z.looseObject({ test: z.array(z.string()) })]).optional(),
  depends_on: z.record(z.string(), z.object({ condition: Condition })).default({}),
  deploy: z.object({ resources: z.object({ limits: z.object({ cpus: z.string(), memory: z.string() }) }) }).optional(),
});
export type ComposeService = z.infer<typeof Service>;
const Compose = z.looseObject({ name: z.string(), services: z.record(z.string(), Service), volumes: z.record(z.string(), z.unknown()) });

/** `docker-compose.yml` as it stands, and with its anchors followed. */
export function readCompose(): { document: unknown; compose: z.infer<typeof Compose> } {
  const document: unknown = parse(readFileSync(path.join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true });
  return { document, compose: Compose.parse(document) };
}

/** `${NAME}`, `${NAME:-default}` and `${NAME:?why it is needed}`, as Compose replaces them; throws where a needed one is missing. */
export function interpolate(text: string, env: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, name: string, kind: string | undefined, rest: string | undefined) => {
    const value = env[name];
    if (value) return value;
    if (kind === '?') throw new Error(rest);
    return kind === '-' ? rest! : '';
  });
}
