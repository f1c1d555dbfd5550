import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

const ROOT = path.resolve(import.meta.dirname, '../..');

/*
 * The part of a Blueprint that is used here, written from Render's field reference ("Blueprint YAML Reference", November 2026), since no package ships Render's own
 * schema. Strict, so that a field that was renamed or misspelt is noticed.
 */

const Region = z.enum(['oregon', 'ohio', 'virginia', 'frankfurt', 'singapore']);
const Name = z.string().regex(/^[a-z][a-z0-9-]*$/);
const key = z.string().regex(/^[A-Z][A-Z0-9_]*$/);

const FromService = z.union([
  z.strictObject({ type: z.enum(['web', 'pserv', 'worker']), name: Name, envVarKey: key }),
  z.strictObject({ type: z.enum(['web', 'pserv']), name: Name, property: z.enum(['host', 'port', 'hostport']) }),
]);
const FromDatabase = z.strictObject({ name: Name, property: z.enum(['host', 'port', 'user', 'password', 'database', 'connectionString']) });
const Given = z.union([z.strictObject({ key, value: z.string() }), z.strictObject({ key, generateValue: z.literal(true) })]);
const EnvVar = z.union([
  z.strictObject({ fromGroup: Name }),
  Given,
  z.strictObject({ key, sync: z.literal(false) }),
  z.strictObject({ key, fromService: FromService }),
  z.strictObject({ key, fromDatabase: FromDatabase }),
]);

const common = {
  name: Name,
  region: Region,
  plan: z.enum(['starter', 'standard', 'pro', 'pro plus', 'pro max', 'pro ultra']),
  numInstances: z.int().min(1).max(100).optional(),
  scaling: z
    .strictObject({
      minInstances: z.int().min(1),
      maxInstances: z.int().max(100),
      targetCPUPercent: z.int().min(1).max(90).optional(),
      targetMemoryPercent: z.int().min(1).max(90).optional(),
    })
    .refine(({ targetCPUPercent, targetMemoryPercent }) => (targetCPUPercent ?? targetMemoryPercent) !== undefined)
    .optional(),
  envVars: z.array(EnvVar),
};
const built = {
  runtime: z.literal('docker'),
  dockerfilePath: z.string().startsWith('./'),
  dockerContext: z.string(),
  dockerCommand: z.string().optional(),
  preDeployCommand: z.string().optional(),
  autoDeployTrigger: z.enum(['commit', 'checksPass', 'off']),
  maxShutdownDelaySeconds: z.int().min(1).max(300),
  // Both: a list that is left out clears that of before.
  buildFilter: z.strictObject({ paths: z.array(z.string()), ignoredPaths: z.array(z.string()) }),
};
const Service = z.union([
  z.strictObject({ type: z.literal('web'), ...common, ...built, healthCheckPath: z.string().startsWith('/') }),
  z.strictObject({
    type: z.literal('web'),
    ...common,
    runtime: z.literal('image'),
    image: z.strictObject({ url: z.string() }),
    healthCheckPath: z.string().startsWith('/'),
  }),
  // Nothing asks these whether they are well: they have no address.
  z.strictObject({ type: z.enum(['worker', 'pserv']), ...common, ...built }),
]);

export const Blueprint = z.strictObject({
  previews: z.strictObject({ generation: z.enum(['off', 'manual', 'automatic']) }),
  // Render says nothing of `sync: false` in a group, and ignores it.
  envVarGroups: z.array(z.strictObject({ name: Name, envVars: z.array(Given) })).default([]),
  databases: z
    .array(
      z.strictObject({
        name: Name,
        plan: z.string(),
        region: Region,
        postgresMajorVersion: z.string(),
        databaseName: z.string(),
        user: z.string(),
        ipAllowList: z.array(z.never()),
      }),
    )
    .default([]),
  services: z.array(Service),
});
export type Blueprint = z.infer<typeof Blueprint>;

export function readBlueprint(file: string): Blueprint {
  return Blueprint.parse(parse(readFileSync(path.join(ROOT, file), 'utf8'), { merge: true }));
}
