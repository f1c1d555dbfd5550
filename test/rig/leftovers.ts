import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { checkPorts } from '../../local/ports.ts';
import type { Service } from './service.ts';

/** What a home folder may hold when nothing runs on it. */
const KNOWN = /^(artifacts|cache|elsewhere|rows\.sqlite|\d+\.log)$/;

/** Ends the service, and expects that it leaves no process, port, lock or file behind. */
export async function expectNothingLeft(service: Service): Promise<void> {
  const running = service.started.filter(({ alive }) => alive);
  await service.stop();
  // With its log: an end that is not clean is seldom seen twice.
  for (const { process, logFile } of running) expect(process.exitCode, readFileSync(logFile, 'utf8').slice(-4_000)).toBe(0);
  expect(await processesOf(service.home)).toEqual([]);
  await checkPorts([{ variable: 'PORT', host: '127.0.0.1', port: Number(new URL(service.url).port) }]);
  const rowsFile = path.join(service.home, 'rows.sqlite');
  if (existsSync(rowsFile)) expectWholeAndFree(rowsFile);
  expect((await readdir(service.home)).filter((name) => !KNOWN.test(name))).toEqual([]);
}

function expectWholeAndFree(rowsFile: string): void {
  const rows = new DatabaseSync(rowsFile, { timeout: 0 });
  rows.exec('BEGIN IMMEDIATE; ROLLBACK');
  expect(rows.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  rows.close();
}

/** Processes whose arguments name the home folder: those that run modules. All others were started by the test itself. */
async function processesOf(home: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,stat=,args='], { maxBuffer: 2 ** 24 });
  return stdout.split('\n').filter((line) => line.includes(home) && !/^\s*\d+\s+Z/.test(line));
}
