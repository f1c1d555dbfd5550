import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createModuleCatalog } from '../module-host/module-catalog.ts';
import { createModuleFiles } from '../module-host/module-files.ts';
import { runCli } from './program.ts';

const STRATEGIES = path.resolve(import.meta.dirname, '../strategies');

/** A folder beside the shipped modules, so that what is written can import what they do. */
function emptyFolder(): string {
  const folder = mkdtempSync(path.join(STRATEGIES, '.new-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function holdfast(args: string[], modules = STRATEGIES) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const written = Promise.all([text(stdout), text(stderr)]);
  const status = await runCli(args, {
    env: { HOLDFAST_MODULES: modules },
    stdin: Readable.from(['']),
    stdout,
    stderr: Object.assign(stderr, { isTTY: false }) as unknown as NodeJS.WriteStream,
    untilInterrupted: () => new AbortController().signal,
    status: 0,
  });
  stdout.end();
  stderr.end();
  const [out, err] = await written;
  return { status, out, err };
}

describe('holdfast strategy new', { timeout: 30_000 }, () => {
  it('writes a strategy that the service can load as it is', async () => {
    const folder = emptyFolder();
    expect(await holdfast(['strategy', 'new', 'gap-fade'], folder)).toMatchObject({
      status: 0,
      out: expect.stringContaining('gap-fade.ts'),
    });
    const module = await createModuleCatalog(createModuleFiles(folder)).find('gap-fade');
    expect(module).toMatchObject({ error: null, about: { title: 'Gap fade', params: { bars: { default: 20 } } } });
  });

  it('keeps a file that is there', async () => {
    const folder = emptyFolder();
    await holdfast(['strategy', 'new', 'gap-fade'], folder);
    const before = readFileSync(path.join(folder, 'gap-fade.ts'), 'utf8');
    expect(await holdfast(['strategy', 'new', 'gap-fade'], folder)).toMatchObject({
      status: 2,
      err: expect.stringContaining('exists already'),
    });
    expect(readFileSync(path.join(folder, 'gap-fade.ts'), 'utf8')).toBe(before);
  });

  it.each(['Gap', '../gap', 'gap fade', ''])('refuses the name "%s"', async (name) => {
    expect(await holdfast(['strategy', 'new', name], emptyFolder())).toMatchObject({
      status: 2,
      err: expect.stringContaining('is not a name'),
    });
  });
});

describe('holdfast strategy check', () => {
  it.each([
    { error: null, status: 0, out: /gap-fade +Gap fade +bars = 20 \(1–500\)/ },
    { error: 'strategy.next: must be a function', status: 1, out: /gap-fade +cannot be run +strategy\.next: must be a function/ },
  ])('says what the service makes of a strategy, and ends with $status', async ({ error, status, out }) => {
    const params = { bars: { type: 'integer', min: 1, max: 500, default: 20 } };
    const info = {
      name: 'gap-fade',
      kind: 'module',
      title: 'Gap fade',
      description: '',
      params,
      symbols: { min: 1, max: null },
      schema: {},
      error,
    };
    const server = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify(info)));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const checked = await holdfast(['strategy', 'check', 'gap-fade', '--url', `http://127.0.0.1:${port}`]);
    expect(checked).toMatchObject({ err: '', status, out: expect.stringMatching(out) });
  });
});
