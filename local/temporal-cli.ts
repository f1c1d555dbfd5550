import { execFile, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { LocalError } from './local-error.ts';

/** The release this project is tested with; it holds server 1.29.1. */
const TEMPORAL_CLI_VERSION = '1.5.1';

const PROBE_MS = 5_000;
const DOWNLOAD_MS = 120_000;

export interface CliSearch {
  env: NodeJS.ProcessEnv;
  /** Folder in which downloaded or built executables are kept. */
  cacheFolder: string;
  /** Asked first whether the download has a way out. */
  downloadHost?: string;
  /** Told what takes long. */
  say: (line: string) => void;
}

interface Place {
  name: string;
  /** Resolves to the executable; null when there is nothing at this place; throws when it is there but does not work. */
  look: (search: CliSearch) => Promise<string | null>;
  /** Why null, for the message that lists all places. */
  absent: string;
}

const PLACES: readonly Place[] = [
  { name: 'temporal on PATH', look: lookOnPath, absent: 'there is none' },
  { name: 'the cache of this project', look: lookInCache, absent: 'it is empty' },
  { name: 'download from temporal.download', look: download, absent: 'nothing came' },
  { name: `go install github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_CLI_VERSION}`, look: build, absent: 'Go is not installed' },
];

/**
 * Path of a Temporal CLI that runs: TEMPORAL_CLI_PATH, `temporal` on PATH, the project's cache, a download, a build with Go, in this
 * order. Throws an error whose message lists every attempt and what to do.
 */
export async function findTemporalCli(search: CliSearch): Promise<string> {
  const given = search.env.TEMPORAL_CLI_PATH;
  if (given) {
    const reason = await whyItDoesNotRun(given);
    if (reason === null) return given;
    throw new LocalError(`TEMPORAL_CLI_PATH is ${given}, which does not run: ${reason}.\nCorrect it, or unset it to let one be found.`);
  }
  const failures: string[] = [];
  for (const place of PLACES) {
    try {
      const found = await place.look(search);
      if (found !== null) return found;
      failures.push(`${place.name}: ${place.absent}`);
    } catch (error) {
      failures.push(`${place.name}: ${messageOf(error)}`);
    }
  }
  throw new LocalError(
    [
      'No Temporal CLI was found, and none could be fetched:',
      ...failures.map((failure) => `  - ${failure}`),
      'Do one of these and try again:',
      '  - install it (https://docs.temporal.io/cli#install) so that `temporal` is on PATH',
      '  - set TEMPORAL_CLI_PATH to its executable',
      '  - set TEMPORAL_ADDRESS to a Temporal server that runs already',
      '  - install Go 1.24 or later (https://go.dev/dl), and it is built here, in about 3 minutes',
    ].join('\n'),
  );
}

async function lookOnPath({ env }: CliSearch): Promise<string | null> {
  for (const folder of (env.PATH ?? '').split(path.delimiter).filter(Boolean)) {
    const candidate = path.join(folder, 'temporal');
    if (!(await isExecutable(candidate))) continue;
    const reason = await whyItDoesNotRun(candidate);
    if (reason === null) return candidate;
    throw new Error(`${candidate} does not run: ${reason}`);
  }
  return null;
}

async function lookInCache({ cacheFolder }: CliSearch): Promise<string | null> {
  const cached = cachedCli(cacheFolder);
  if (!(await isExecutable(cached))) return null;
  const reason = await whyItDoesNotRun(cached);
  if (reason === null) return cached;
  throw new Error(`${cached} does not run: ${reason}`);
}

/** The SDK's own download. It has no timeout of its own, so a short request finds out first whether there is a way out at all. */
async function download({ cacheFolder, env, say, downloadHost = 'https://temporal.download' }: CliSearch): Promise<string> {
  const viaProxy = Boolean(env.HTTPS_PROXY ?? env.https_proxy);
  if (!viaProxy) {
    const probe = fetch(downloadHost, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(PROBE_MS) });
    await probe.catch((error: unknown) => {
      throw new Error(`not reachable (${causeOf(error)})`, { cause: error });
    });
  }
  say(`Downloading the Temporal CLI ${TEMPORAL_CLI_VERSION} …`);
  return intoCache(cacheFolder, async (folder) => {
    const { TestWorkflowEnvironment } = await import('@temporalio/testing');
    const executable = { type: 'cached-download', downloadDir: folder, version: `v${TEMPORAL_CLI_VERSION}` } as const;
    const started = TestWorkflowEnvironment.createLocal({ server: { executable } });
    const timeout = delay(DOWNLOAD_MS, undefined, { ref: false }).then(() => {
      throw new Error(`not done after ${DOWNLOAD_MS / 1000} s`);
    });
    await (await Promise.race([started, timeout])).teardown();
    const [file] = await readdir(folder);
    if (file === undefined) throw new Error('the download left no file');
    return path.join(folder, file);
  });
}

async function build({ cacheFolder, env, say }: CliSearch): Promise<string | null> {
  const go = await promisify(execFile)('go', ['version'], { env }).catch(() => null);
  if (go === null) return null;
  say(`Building the Temporal CLI ${TEMPORAL_CLI_VERSION} with Go, once; this takes about 3 minutes …`);
  return intoCache(cacheFolder, async (folder) => {
    const begun = Date.now();
    const ticking = setInterval(() => say(`  still building, ${Math.round((Date.now() - begun) / 1000)} s`), 15_000);
    try {
      await run('go', ['install', `github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_CLI_VERSION}`], { ...env, GOBIN: folder });
    } finally {
      clearInterval(ticking);
    }
    say(`  built in ${Math.round((Date.now() - begun) / 1000)} s`);
    return path.join(folder, 'temporal');
  });
}

/** Lets `fetchInto` put the executable into a folder of its own, then moves it to its place in one step: a broken attempt leaves nothing. */
async function intoCache(cacheFolder: string, fetchInto: (folder: string) => Promise<string>): Promise<string> {
  const target = cachedCli(cacheFolder);
  const folder = path.join(path.dirname(target), `incoming-${process.pid}`);
  await mkdir(folder, { recursive: true });
  try {
    const file = await fetchInto(folder);
    await chmod(file, 0o755);
    await rename(file, target);
    return target;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function cachedCli(cacheFolder: string): string {
  return path.join(cacheFolder, `temporal-${TEMPORAL_CLI_VERSION}`, 'temporal');
}

/** Runs a command quietly; the error says the last lines of what it wrote. */
async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  process.once('exit', () => child.kill());
  let written = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written = (written + text).slice(-2_000)));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(written.trim().split('\n').slice(-3).join(' | ') || `exit status ${String(code)}`);
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function whyItDoesNotRun(file: string): Promise<string | null> {
  return promisify(execFile)(file, ['--version'], { timeout: 20_000 }).then(
    () => null,
    (error: unknown) => messageOf(error).split('\n')[0]!,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function causeOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error);
}
