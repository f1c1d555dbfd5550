import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ApiConfig } from '../../api/config.ts';
import { WorkerConfig } from '../../worker/config.ts';
import { Blueprint, readBlueprint } from '../rig/blueprint.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const FILES = ['render.yaml', 'deploy/render/own-temporal.yaml'];
/** Read by libraries: Temporal's, Amazon's. */
const OF_LIBRARIES = /^(TEMPORAL|AWS)_/;

type Variables = Blueprint['services'][number]['envVars'];

const keysOf = (variables: Variables): string[] => variables.flatMap((variable) => ('key' in variable ? [variable.key] : []));

describe.each(FILES)('%s', (file) => {
  const { services, databases, envVarGroups } = readBlueprint(file);

  it('refers to what there is', () => {
    const groups = new Map(envVarGroups.map(({ name, envVars }) => [name, envVars]));
    for (const { name, envVars } of services) {
      for (const variable of envVars) {
        if ('fromGroup' in variable) expect([...groups.keys()], name).toContain(variable.fromGroup);
        if ('fromDatabase' in variable) expect(databases.map((each) => each.name)).toContain(variable.fromDatabase.name);
        if (!('fromService' in variable)) continue;
        const { type, name: of, ...wanted } = variable.fromService;
        const other = services.find((each) => each.type === type && each.name === of);
        expect(other, `${name} takes ${variable.key} of ${of}`).toBeDefined();
        if ('envVarKey' in wanted && !wanted.envVarKey.startsWith('RENDER_')) expect(keysOf(other!.envVars)).toContain(wanted.envVarKey);
      }
    }
  });

  it('starts programs that are there, from images that are', () => {
    for (const service of services) {
      if (service.runtime === 'image') continue;
      expect(existsSync(path.join(ROOT, service.dockerfilePath))).toBe(true);
      for (const command of [service.dockerCommand, service.preDeployCommand]) {
        const [program, script] = command?.split(' ') ?? [];
        if (program === 'node') expect(existsSync(path.join(ROOT, script!)), command).toBe(true);
      }
    }
  });

  it('has everything in one region, and scales either by hand or by itself', () => {
    expect(new Set([...services, ...databases].map(({ region }) => region)).size).toBe(1);
    for (const { name, numInstances, scaling } of services) expect([numInstances, scaling].filter(Boolean), name).toHaveLength(1);
  });
});

describe('render.yaml', () => {
  const { services, envVarGroups } = readBlueprint('render.yaml');

  it('sets what the processes read, and nothing else', () => {
    const known = new Set([...Object.keys(ApiConfig.shape), ...Object.keys(WorkerConfig.shape)]);
    const set = [...services, ...envVarGroups].flatMap(({ envVars }) => keysOf(envVars));
    expect(set.filter((key) => !known.has(key) && !OF_LIBRARIES.test(key))).toEqual([]);
  });

  it('has a worker for each role, with longer to end than it takes', () => {
    const workers = services.flatMap((service) => (service.type === 'worker' ? [service] : []));
    expect(workers.map(({ dockerCommand }) => dockerCommand?.split(' ').at(-1))).toEqual(['control', 'fetch', 'simulate']);
    const { HOLDFAST_GRACE_SECONDS: grace } = WorkerConfig.parse({});
    for (const { maxShutdownDelaySeconds } of workers) expect(maxShutdownDelaySeconds).toBeGreaterThanOrEqual(grace + 10);
  });

  it('has no secret in it', () => {
    const secrets = services
      .flatMap(({ envVars }) => envVars)
      .filter((variable) => 'key' in variable && /KEY|SECRET|TOKEN/.test(variable.key));
    expect(secrets.length).toBeGreaterThan(3);
    for (const secret of secrets) expect('sync' in secret || 'fromService' in secret, JSON.stringify(secret)).toBe(true);
  });
});

it('a field that Render does not know is noticed', () => {
  const blueprint = readBlueprint('render.yaml');
  const [api, ...others] = blueprint.services;
  expect(Blueprint.safeParse({ ...blueprint, services: [{ ...api, autoDeploy: true }, ...others] }).success).toBe(false);
  const group = { name: 'holdfast', envVars: [{ key: 'API_TOKEN', sync: false }] };
  expect(Blueprint.safeParse({ ...blueprint, envVarGroups: [group] }).success).toBe(false);
});
