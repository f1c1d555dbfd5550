import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from './ports.ts';
import { findTemporalCli } from './temporal-cli.ts';

let folder: string;
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-cli-'));
  said = [];
  mkdirSync(path.join(folder, 'shell'));
  symlinkSync('/bin/sh', path.join(folder, 'shell/sh'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A fake executable; what it is called with is appended to `calls`. */
function script(name: string, body = 'exit 0'): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho "$0 $@" >> ${folder}/calls\n${body}\n`, { mode: 0o755 });
  return file;
}

/** Nothing listens at the download host, so that a test never reaches out. */
async function find(env: NodeJS.ProcessEnv): Promise<string> {
  const downloadHost = `http://127.0.0.1:${await freePort('127.0.0.1')}`;
  return findTemporalCli({ env, cacheFolder: path.join(folder, 'cache'), downloadHost, say: (line) => said.push(line) });
}

describe('the search for the Temporal CLI', () => {
  it('takes TEMPORAL_CLI_PATH before one on PATH', async () => {
    const given = script('given/temporal');
    script('path/temporal');
    expect(await find({ TEMPORAL_CLI_PATH: given, PATH: path.join(folder, 'path') })).toBe(given);
  });

  it('does not pass over a TEMPORAL_CLI_PATH that does not run', async () => {
    script('path/temporal');
    const env = { TEMPORAL_CLI_PATH: path.join(folder, 'nothing'), PATH: path.join(folder, 'path') };
    await expect(find(env)).rejects.toThrow(/TEMPORAL_CLI_PATH is .*nothing, which does not run.*\n.*unset it/);
  });

  it('takes one on PATH before one in the cache', async () => {
    const onPath = script('path/temporal');
    script('cache/temporal-1.5.1/temporal');
    expect(await find({ PATH: `${path.join(folder, 'empty')}:${path.join(folder, 'path')}` })).toBe(onPath);
  });

  it('takes the cache when the one on PATH does not run', async () => {
    script('path/temporal', 'exit 3');
    const cached = script('cache/temporal-1.5.1/temporal');
    expect(await find({ PATH: path.join(folder, 'path') })).toBe(cached);
  });

  it('builds one with Go into the cache when the download has no way out', async () => {
    script('path/go', `[ "$1" = install ] && printf '#!/bin/sh\\n' > "$GOBIN/temporal"\nexit 0`);
    const env = { PATH: `${path.join(folder, 'path')}:${path.join(folder, 'shell')}` };
    expect(await find(env)).toBe(path.join(folder, 'cache/temporal-1.5.1/temporal'));
    expect(readFileSync(path.join(folder, 'calls'), 'utf8')).toContain('install github.com/temporalio/cli/cmd/temporal@v1.5.1');
    expect(said[0]).toMatch(/Building the Temporal CLI 1\.5\.1 with Go/);
    expect(said.join()).not.toContain('Downloading');
  });

  it('leaves nothing in the cache when the build fails, and lists every attempt with its reason and what to do', async () => {
    script('path/go', `[ "$1" = version ] && exit 0\necho "no such module" >&2\nexit 1`);
    const failure = await find({ PATH: path.join(folder, 'path') }).catch((error: Error) => error.message);
    expect(failure).toMatch(/temporal on PATH: there is none/);
    expect(failure).toMatch(/the cache of this project: it is empty/);
    expect(failure).toMatch(/download from temporal\.download: not reachable \(.*ECONNREFUSED/);
    expect(failure).toMatch(/go install .*: no such module/);
    expect(failure).toMatch(/TEMPORAL_ADDRESS/);
    expect(existsSync(path.join(folder, 'cache/temporal-1.5.1/temporal'))).toBe(false);
  });

  it('says that Go is missing when it is', async () => {
    await expect(find({ PATH: path.join(folder, 'shell') })).rejects.toThrow(/Go is not installed/);
  });
});
