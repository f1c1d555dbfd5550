import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SPEC, startTestService, type TestService } from '../api/test-service.ts';
import { runCli } from './program.ts';

let service: TestService;
let url: string;
let folder: string;
beforeAll(async () => {
  service = await startTestService();
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(service.app.server.address() as AddressInfo).port}`;
  folder = mkdtempSync(path.join(tmpdir(), 'cli-schedules-'));
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

async function holdfast(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const status = await runCli(['schedule', ...args], {
    env: { HOLDFAST_URL: url },
    stdin: Readable.from([]),
    stdout,
    stderr: stderr as unknown as NodeJS.WriteStream,
    untilInterrupted: () => new AbortController().signal,
    status: 0,
  });
  stdout.end();
  stderr.end();
  return { status, out: await text(stdout), err: await text(stderr) };
}

function file(name: string, content: object): string {
  const full = path.join(folder, name);
  writeFileSync(full, JSON.stringify(content));
  return full;
}

async function created(...options: string[]): Promise<string> {
  const { out } = await holdfast('create', file('spec.json', SPEC), '--cron', '30 2 * * *', '--json', ...options);
  return (JSON.parse(out) as { id: string }).id;
}

describe('holdfast schedule', () => {
  it('makes a schedule of a spec and options, or of a file that holds both', async () => {
    const id = await created('--time-zone', 'Europe/Berlin', '--overlap', 'buffer-one', '--name', 'Mine', '--paused');
    expect(await service.store.getSchedule('local', id)).toMatchObject({
      name: 'Mine',
      timing: { cron: '30 2 * * *', timeZone: 'Europe/Berlin', overlap: 'buffer-one' },
      beginsPaused: true,
    });
    const whole = await holdfast('create', file('schedule.json', { cron: '0 4 * * *', spec: SPEC }), '--name', 'Whole');
    expect(whole.out).toContain('0 4 * * * (UTC)');
  });

  it('shows and lists schedules, by the beginning of an id, too', async () => {
    const id = await created('--name', 'Shown');
    expect((await holdfast('list')).out).toContain('Shown');
    const { out } = await holdfast('show', id.slice(0, -2));
    expect(out).toMatch(/state\s+active/);
    expect((await holdfast('runs', id)).out).toBe('There is nothing yet.\n');
    expect(await holdfast('show', 'ffff')).toMatchObject({ status: 2, err: expect.stringContaining('No schedule has an id') });
  });

  it('changes what is given and nothing else', async () => {
    const id = await created('--name', 'Before');
    await holdfast('update', id, '--name', 'After', '--pause-on-failure');
    expect(await service.store.getSchedule('local', id)).toMatchObject({
      name: 'After',
      timing: { cron: '30 2 * * *', pauseOnFailure: true },
    });
  });

  it('steers, with whole days for a backfill, and deletes', async () => {
    const id = await created();
    const { out } = await holdfast('backfill', id, '--from', '2026-01-01', '--to', '2026-01-31', '--idempotency-key', 'k');
    expect(out).toContain('Recorded: backfill schedule');
    expect((await holdfast('pause', id, '--note', 'holidays')).status).toBe(0);
    expect((await holdfast('trigger', id, '--overlap', 'nonsense')).status).toBe(2);
    expect((await holdfast('delete', id)).out).toBe(`Deleted schedule ${id}. Its runs stay.\n`);
    expect(service.orchestrator.calls.filter((call) => call.includes(id)).map((call) => call.split(' ')[0])).toEqual([
      'apply',
      'backfill',
      'pause',
      'remove',
    ]);
  });
});
