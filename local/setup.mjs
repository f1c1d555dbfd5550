// Makes the project ready to run and hands over to a script: node local/setup.mjs SCRIPT.ts [ARGUMENT…]
// Plain JavaScript without packages, because it runs before there are any, on whatever Node the machine has.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';

const OLDEST_START = 20;
const OLDEST_RUN = 24;
const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const lockfile = path.join(root, 'package-lock.json');
const modules = path.join(root, 'node_modules');
const stamp = path.join(modules, '.holdfast-setup');

class SetupError extends Error {}

try {
  if (major(process.versions.node) < OLDEST_START) {
    throw new SetupError(
      `This is Node ${process.versions.node}. Install Node ${OLDEST_START} or later (https://nodejs.org) and try again.`,
    );
  }
  if (!isInstalled()) install();
  handOver(findNode());
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function isInstalled() {
  if (!existsSync(modules)) return false;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted()) return true;
  // Installed by hand: npm keeps its own list of what lies there.
  const there = lockedPackages(path.join(modules, '.package-lock.json'));
  return Object.entries(lockedPackages(lockfile)).every(
    ([name, entry]) => name === '' || entry.optional || there[name]?.version === entry.version,
  );
}

function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return {};
  }
}

function wanted() {
  const text = [lockfile, path.join(root, 'package.json')].map((file) => readFileSync(file)).join('');
  return `${createHash('sha256').update(text).digest('hex')} ${process.platform} ${process.arch}`;
}

function install() {
  // A lockfile written on one platform can lack the native packages of another.
  const how = lockfileCovers(lockedPackages(lockfile)) ? ['ci'] : ['install', '--no-package-lock'];
  say(`Installing packages (npm ${how.join(' ')}), once …`);
  // Install scripts look for `node` on PATH; it has to be the one that runs this.
  const env = { ...process.env, PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}` };
  const npm = spawnSync('npm', [...how, '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retry-mintimeout=2000'], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  if (npm.error)
    throw new SetupError(`npm could not be started (${npm.error.message}). Install Node with npm (https://nodejs.org) and try again.`);
  if (npm.status !== 0)
    throw new SetupError(`${explain(`${npm.stderr}${npm.stdout}`)}\n\nWhat npm wrote:\n${npm.stderr.trim().slice(-2000)}`);
  writeFileSync(stamp, wanted());
}

/** Native packages come as optional dependencies, one for each platform: each needs a locked one for this platform, where it has one. */
function lockfileCovers(packages) {
  const locked = new Set(Object.keys(packages).map((key) => key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length)));
  const here = new RegExp(`\\b${process.platform}-${process.arch}\\b`);
  const otherLibc = isMusl() ? /-(gnu|glibc)$/ : /-musl$/;
  return Object.values(packages).every(({ optionalDependencies = {} }) => {
    const native = Object.keys(optionalDependencies).filter((name) => here.test(name) && !otherLibc.test(name));
    return native.length === 0 || native.some((name) => locked.has(name));
  });
}

function isMusl() {
  return process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined;
}

function explain(output) {
  if (/ENOSPC/.test(output))
    return `The disk is full, so the packages could not be installed. Free about 1 GB below ${root} and try again.`;
  if (/EACCES|EPERM|EROFS/.test(output)) return `npm may not write below ${root}. Make the folder writable for you and try again.`;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED/.test(output)) {
    return 'npm could not reach its registry. Check the network and the proxy settings (npm config get registry, HTTPS_PROXY), and try again.';
  }
  return 'npm could not install the packages. See below, mend it, and try again.';
}

/** The Node that runs the project: of the package `node`, or the machine's own where that is new enough. */
function findNode() {
  const folder = path.join(modules, 'node');
  const packaged = [path.join(modules, '.bin', 'node'), path.join(folder, 'bin', 'node')];
  const found = packaged.find(isRecent);
  if (found !== undefined) return found;
  if (major(process.versions.node) >= OLDEST_RUN) return process.execPath;
  say(`Fetching Node ${OLDEST_RUN} (install script of the package "node"), once …`);
  const env = { ...process.env, npm_config_fetch_retry_mintimeout: '2000', npm_config_fetch_retries: '1' };
  spawnSync(process.execPath, ['installArchSpecificPackage.js'], { cwd: folder, env, stdio: 'ignore' });
  const fetched = packaged.find(isRecent);
  if (fetched !== undefined) return fetched;
  throw new SetupError(
    [
      `Holdfast runs on Node ${OLDEST_RUN} or later; this is Node ${process.versions.node}, and the package "node", which brings one, could not be set up`,
      'because install scripts are blocked here or the registry was not reachable. Do one of these and try again:',
      `  - install Node ${OLDEST_RUN} (https://nodejs.org)`,
      '  - npm rebuild node --ignore-scripts=false',
    ].join('\n'),
  );
}

function isRecent(node) {
  try {
    return (
      major(execFileSync(node, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).replace('v', '')) >= OLDEST_RUN
    );
  } catch {
    return false;
  }
}

function handOver(node) {
  const [script, ...rest] = process.argv.slice(2);
  const binaries = [path.dirname(node), path.join(modules, '.bin')].join(path.delimiter);
  const env = { ...process.env, PATH: `${binaries}${path.delimiter}${process.env.PATH ?? ''}` };
  // The channel tells the script when this process was killed: it then stops what it started.
  const settings = path.join(root, '.env');
  const options = existsSync(settings) ? [`--env-file=${settings}`] : [];
  const child = spawn(node, [...options, path.resolve(root, script), ...rest], {
    cwd: root,
    env,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  if (process.env.npm_lifecycle_event !== undefined) endWithParent(child);
  // A terminal sends Ctrl-C to the whole group anyway; a signal from elsewhere reaches only this process.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    say(`${node} could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

/** npm can be killed without a chance to tell; its child then gets another parent. */
function endWithParent(child) {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 1_000).unref();
}

function major(version) {
  return Number.parseInt(version, 10);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
