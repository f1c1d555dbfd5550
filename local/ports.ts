import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { LocalError } from './local-error.ts';

/** A TCP port on which nothing listens right now. */
export async function freePort(host: string): Promise<number> {
  return listenOnce(host, 0);
}

/** Throws one error that names every port that cannot be listened on, the variable to set, and who holds it. */
export async function checkPorts(wanted: readonly { variable: string; host: string; port: number }[]): Promise<void> {
  const checked = await Promise.all(wanted.map(async (want) => ({ ...want, code: await whyPortIsTaken(want.host, want.port) })));
  const faults = checked.flatMap(({ variable, host, port, code }) => {
    if (code === null) return [];
    if (code !== 'EADDRINUSE') return [`  ${host}:${port} cannot be used (${code}): set ${variable} or HOST to another value`];
    const holder = portHolder(port);
    return [`  port ${port} is in use${holder === null ? '' : ` by ${holder}`}: stop that, or set ${variable} to a free port`];
  });
  if (faults.length > 0) throw new LocalError(['Holdfast cannot start, because of its ports:', ...faults].join('\n'));
}

async function whyPortIsTaken(host: string, port: number): Promise<string | null> {
  return listenOnce(host, port).then(
    () => null,
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
}

async function listenOnce(host: string, port: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port');
  return address.port;
}

/** `command (process number)` of who listens on a local port; null where that cannot be found out, as for another user's process. */
function portHolder(port: number): string | null {
  try {
    const pid = process.platform === 'linux' ? linuxListener(port) : lsofListener(port);
    if (pid === null) return null;
    const command = execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return `${command} (process ${pid})`;
  } catch {
    return null;
  }
}

function lsofListener(port: number): number | null {
  const found = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], { encoding: 'utf8' });
  return Number(found.split('\n')[0]) || null;
}

/** proc(5), net/tcp: local address as hexadecimal `ip:port` in field 2, state 0A is listening, inode of the socket in field 10. */
function linuxListener(port: number): number | null {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1));
  const row = lines.map((line) => line.trim().split(/\s+/)).find((fields) => fields[1]?.endsWith(suffix) && fields[3] === '0A');
  if (row === undefined) return null;
  const socket = `socket:[${row[9]}]`;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return Number(pids.find((pid) => openFiles(pid).includes(socket))) || null;
}

function openFiles(pid: string): string[] {
  const folder = `/proc/${pid}/fd`;
  return orNone(() => readdirSync(folder)).flatMap((descriptor) => orNone(() => [readlinkSync(`${folder}/${descriptor}`)]));
}

/** Files and processes vanish while they are looked at, and some belong to others. */
function orNone(read: () => string[]): string[] {
  try {
    return read();
  } catch {
    return [];
  }
}
