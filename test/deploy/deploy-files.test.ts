import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { temporalServerArgs } from '../../local/temporal-server.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

const Compose = z.object({
  services: z.record(z.string(), z.object({ command: z.array(z.string()), ports: z.array(z.string()).optional() })),
});
const Blueprint = z.object({ services: z.array(z.object({ name: z.string(), dockerCommand: z.string() })) });

function read(file: string): unknown {
  return parse(readFileSync(path.join(ROOT, file), 'utf8'), { merge: true });
}

describe('docker-compose.yml', () => {
  const { services } = Compose.parse(read('docker-compose.yml'));

  it('starts the programs that are there', () => {
    const programs = [services['api'], services['worker']].map((service) => service?.command[1]);
    expect(programs).toEqual(['api/main.ts', 'worker/main.ts']);
    for (const program of programs) expect(existsSync(path.join(ROOT, program!))).toBe(true);
  });

  it('publishes ports on loopback only', () => {
    const published = Object.values(services).flatMap(({ ports }) => ports ?? []);
    expect(published.length).toBeGreaterThan(0);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('runs Temporal with the settings and search attributes of npm start', () => {
    const options = { port: 7233, uiPort: 8233, databaseFile: '/data/temporal.sqlite', sync: 'normal' } as const;
    expect(settingsOf(services['temporal']!.command)).toEqual(settingsOf(temporalServerArgs(options)));
  });
});

describe('render.yaml', () => {
  it('starts the programs that are there', () => {
    const { services } = Blueprint.parse(read('render.yaml'));
    const programs = services.map(({ dockerCommand }) => dockerCommand.split(' ')[1]!);
    expect(programs).toEqual(['api/main.ts', 'worker/main.ts']);
    for (const program of programs) expect(existsSync(path.join(ROOT, program))).toBe(true);
  });
});

describe('the Dockerfile', () => {
  it('copies every folder that the programs import from', () => {
    const dockerfile = readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8');
    const copied = [...dockerfile.matchAll(/^COPY (\S+) \1$/gm)].map((match) => match[1]);
    const folders =
      'shared engine strategies module-host artifacts market-data results orchestration webhooks activities workflows worker api'.split(
        ' ',
      );
    expect(new Set(copied)).toEqual(new Set(folders));
  });
});

/** `--name value` and `--name=value` alike, without what must differ between a container and this machine. */
function settingsOf(args: readonly string[]): string[] {
  const joined = args.join(' ').replaceAll(/(--[a-z-]+) (?=[^-])/g, '$1=');
  return [...joined.matchAll(/--(dynamic-config-value|search-attribute|sqlite-pragma)=(\S+)/g)]
    .map((match) => match[0].replace('${HOLDFAST_SYNC:-normal}', 'normal'))
    .sort();
}
