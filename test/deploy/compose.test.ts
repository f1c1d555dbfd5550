import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { temporalServerArgs } from '../../local/temporal-server.ts';
import { WorkerConfig } from '../../worker/config.ts';
import { interpolate, readCompose } from '../rig/compose.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const { document, compose } = readCompose();
const services = Object.entries(compose.services);
const own = services.filter(([, { build }]) => build !== undefined);

describe('docker-compose.yml', () => {
  it('is what the Compose specification allows', () => {
    const { $schema: _, ...schema } = JSON.parse(
      readFileSync(path.join(ROOT, 'test/fixtures/compose-spec/compose-spec.json'), 'utf8'),
    ) as Record<string, unknown>;
    // The schema names its dialect by an address that Ajv does not know it by.
    const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
    validate(document);
    expect(validate.errors).toBeNull();
    expect(validate({ services: { api: { imaeg: 'x' } } })).toBe(false);
  });

  it('publishes ports on loopback only', () => {
    const published = services.flatMap(([, { ports }]) => ports);
    expect(published.length).toBeGreaterThan(2);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it('does not start without a token and a password', () => {
    const needed = (name: string): void =>
      services.forEach(([, { environment }]) =>
        Object.values(environment).forEach((value) =>
          interpolate(value, { [name]: '', ...(name === 'API_TOKEN' ? { POSTGRES_PASSWORD: 'x' } : { API_TOKEN: 'x' }) }),
        ),
      );
    expect(() => needed('API_TOKEN')).toThrow('set API_TOKEN in .env');
    expect(() => needed('POSTGRES_PASSWORD')).toThrow('set POSTGRES_PASSWORD in .env');
  });

  it('waits for what is needed, keeps what must stay, and limits what each may take', () => {
    for (const [name, service] of services) {
      const isOnce = service.restart.startsWith('on-failure');
      for (const [other, { condition }] of Object.entries(service.depends_on)) {
        const needed = compose.services[other]!;
        // A condition that can never be met would keep the service from starting.
        if (condition === 'service_healthy') expect(needed.healthcheck, `${name} waits for ${other}`).toHaveProperty('test');
        else expect(needed.restart, `${name} waits for ${other}`).toMatch(/^on-failure/);
      }
      if (!isOnce) expect(service.deploy?.resources.limits, name).toBeDefined();
      if (!isOnce) expect(service.restart, name).toBe('unless-stopped');
      for (const volume of service.volumes) {
        const [from = ''] = volume.split(':');
        if (from.startsWith('./')) expect(existsSync(path.join(ROOT, from)), volume).toBe(true);
        else expect(Object.keys(compose.volumes), volume).toContain(from);
      }
    }
    expect(own.every(([, { volumes }]) => volumes.includes('results:/data'))).toBe(true);
  });

  it('gives workers longer to end than they take', () => {
    const { HOLDFAST_GRACE_SECONDS: grace } = WorkerConfig.parse({});
    for (const name of ['control', 'fetch', 'simulate'])
      expect(parseInt(compose.services[name]!.stop_grace_period!, 10)).toBeGreaterThanOrEqual(grace + 10);
  });

  it('runs the version of Temporal that the tests run, with the settings of npm start', () => {
    const images = Object.fromEntries(services.map(([name, { image }]) => [name, image]));
    expect(images['temporal']).toBe('temporalio/server:1.29.1');
    expect(images['temporal-schema']).toMatch(/^temporalio\/admin-tools:1\.29\.1-/);
    const written = parse(readFileSync(path.join(ROOT, 'deploy/temporal/dynamicconfig.yaml'), 'utf8')) as Record<
      string,
      [{ value: unknown }]
    >;
    const args = temporalServerArgs({ port: 1, uiPort: 2, databaseFile: null, sync: 'normal' });
    const given = args.flatMap((arg, k) => (args[k - 1] === '--dynamic-config-value' ? [arg] : []));
    expect(
      Object.entries(written)
        .map(([key, [{ value }]]) => `${key}=${String(value)}`)
        .sort(),
    ).toEqual(given.sort());
  });
});

describe('the Dockerfile', () => {
  const dockerfile = readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8');

  it('copies every folder that the programs may import from, and all that commands name', () => {
    const copied = new Set([...dockerfile.matchAll(/^COPY (\S+) \1$/gm)].map((match) => match[1]));
    const folders =
      'shared engine strategies module-host artifacts market-data monitoring results orchestration webhooks activities workflows worker api';
    for (const folder of [...folders.split(' '), 'deploy/health.mjs']) expect(copied, folder).toContain(folder);
    const programs = own.flatMap(([, { command, healthcheck }]) => [
      command[1],
      ...(healthcheck && 'test' in healthcheck ? [healthcheck.test[2]] : []),
    ]);
    for (const program of programs) {
      expect(existsSync(path.join(ROOT, program!)), program).toBe(true);
      expect(
        [...copied].some((folder) => program === folder || program!.startsWith(`${folder}/`)),
        program,
      ).toBe(true);
    }
  });

  it('runs as nobody special, without what only builds and tests', () => {
    const [build, , final] = dockerfile.split(/^FROM /m).slice(1);
    expect(build).toContain('npm ci --omit=dev');
    expect(final).toMatch(/^node:24-bookworm-slim\n/);
    expect(final).toContain('USER node');
    expect(final).not.toMatch(/npm (ci|install)/);
    // The USER comes before what is started.
    expect(final!.indexOf('USER node')).toBeLessThan(final!.indexOf('\nCMD '));
  });
});
