import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseCLI, startVitest } from 'vitest/node';
import { FAILED_CHECKS, summaryLine } from '../test/setup/summary.ts';
import { PROJECT } from './config.ts';
import { findTemporalCli } from './temporal-cli.ts';

/** `npm test`: checks, then every test. With arguments (`npm test -- api -t cursor`) vitest gets them and the checks are left out. */
async function main(args: readonly string[]): Promise<void> {
  const everything = args.length === 0;
  if (everything && process.env.FAULT_SEEDS === undefined) process.env.HOLDFAST_TESTS = 'usual';
  if (everything && !process.env.TEMPORAL_ADDRESS) {
    // Found or built once, before anything else: the tests then take this one.
    const cacheFolder = path.join(PROJECT, '.holdfast/cache');
    process.env.TEMPORAL_CLI_PATH = await findTemporalCli({ env: process.env, cacheFolder, say });
  }
  const verified = !everything || spawnSync('npm', ['run', '--silent', 'verify'], { cwd: PROJECT, stdio: 'inherit' }).status === 0;
  if (!verified) process.stdout.write('\n`npm run verify` failed, see above; the tests run all the same.\n');
  process.env[FAILED_CHECKS] = verified ? '0' : '1';
  const { filter, options } = parseCLI(['vitest', 'run', ...args]);
  const vitest = await startVitest('test', filter, { ...options, root: PROJECT, run: true, watch: false });
  await vitest.close();
  process.exit(verified ? process.exitCode : 1);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.stdout.write(summaryLine(0, 1, 0));
  process.exitCode = 1;
});
