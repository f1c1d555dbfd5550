import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROJECT } from './config.ts';

let copy: string;

beforeEach(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'holdfast-setup-'));
  for (const folder of ['local', 'path']) mkdirSync(path.join(copy, folder));
  for (const file of ['local/setup.mjs', 'package.json', 'package-lock.json'])
    copyFileSync(path.join(PROJECT, file), path.join(copy, file));
  writeFileSync(path.join(copy, 'local/script.ts'), 'console.log(process.argv.slice(2).join()); process.exit(Number(process.argv[2]));');
});
afterEach(() => rmSync(copy, { recursive: true }));

/** Stands in for npm: notes how it was called, then runs `body` in the project's folder. */
function fakeNpm(body: string): void {
  writeFileSync(path.join(copy, 'path/npm'), `#!/bin/sh\necho "$@" >> ${copy}/npm-calls\n${body}\n`, { mode: 0o755 });
}

function setup(...args: string[]) {
  const env = { PATH: `${path.join(copy, 'path')}:/bin:/usr/bin` };
  return spawnSync(process.execPath, ['local/setup.mjs', 'local/script.ts', ...args], { cwd: copy, env, encoding: 'utf8' });
}

function npmCalls(): string[] {
  const file = path.join(copy, 'npm-calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

const INSTALL = `mkdir -p node_modules/.bin && ln -s ${process.execPath} node_modules/.bin/node`;

describe('the set-up script', () => {
  it('installs once, hands the arguments on, and ends with the status of the script', () => {
    fakeNpm(INSTALL);
    expect(setup('7', '--once')).toMatchObject({ stdout: '7,--once\n', status: 7 });
    expect(setup('0')).toMatchObject({ stdout: '0\n', status: 0, stderr: '' });
    expect(npmCalls()).toEqual([expect.stringMatching(/^ci /)]);
  });

  it('installs again when the lockfile has changed', () => {
    fakeNpm(`rm -rf node_modules; ${INSTALL}`);
    setup('0');
    writeFileSync(path.join(copy, 'package-lock.json'), '{"packages":{"node_modules/new":{"version":"1.0.0"}}}');
    setup('0');
    expect(npmCalls()).toHaveLength(2);
  });

  it('leaves an installation alone that somebody made with npm itself', () => {
    mkdirSync(path.join(copy, 'node_modules/.bin'), { recursive: true });
    symlinkSync(process.execPath, path.join(copy, 'node_modules/.bin/node'));
    copyFileSync(path.join(copy, 'package-lock.json'), path.join(copy, 'node_modules/.package-lock.json'));
    expect(setup('0').status).toBe(0);
    expect(npmCalls()).toEqual([]);
  });

  it('does without the lockfile where that lacks the native packages of this platform', () => {
    const optionalDependencies = { [`tool-${process.platform}-${process.arch}`]: '1.0.0' };
    writeFileSync(path.join(copy, 'package-lock.json'), JSON.stringify({ packages: { 'node_modules/tool': { optionalDependencies } } }));
    fakeNpm(INSTALL);
    expect(setup('0').status).toBe(0);
    expect(npmCalls()[0]).toMatch(/^install --no-package-lock /);
  });

  it.each([
    ['ENOSPC', /The disk is full.*try again/],
    ['EACCES', /may not write below .*Make the folder writable/],
    ['ENOTFOUND', /could not reach its registry. Check the network/],
  ])('says what to do when npm fails with %s, without a stack trace', (code, message) => {
    fakeNpm(`echo "npm error code ${code}" >&2; exit 1`);
    const { status, stderr } = setup('0');
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('tells by its status which signal ended the script', () => {
    fakeNpm(INSTALL);
    writeFileSync(path.join(copy, 'local/script.ts'), "process.kill(process.pid, 'SIGKILL');");
    expect(setup().status).toBe(128 + 9);
  });
});
