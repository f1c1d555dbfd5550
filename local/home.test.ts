import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { prepareHome } from './home.ts';

function temporary(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-home-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it('creates the folder with its logs and leaves nothing else in it', () => {
  const home = path.join(temporary(), 'deep/home');
  prepareHome(home);
  expect(existsSync(path.join(home, 'logs'))).toBe(true);
  expect(existsSync(path.join(home, `.write-probe-${process.pid}`))).toBe(false);
});

it('says what to do when a file stands where the folder belongs', () => {
  const file = path.join(temporary(), 'home');
  writeFileSync(file, '');
  expect(() => prepareHome(file)).toThrow(/home cannot be used: a file stands where a folder is needed\..*HOLDFAST_HOME/);
});

it('says what to do when a part of its path is a file', () => {
  expect(() => prepareHome('/dev/null/home')).toThrow(/\/dev\/null\/home cannot be used: a file stands.*HOLDFAST_HOME/);
});
