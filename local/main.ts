import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { RefusedError, UnreachableError, createHttpClient } from '../cli/http-client.ts';
import type { RunSummary } from '../shared/run.ts';
import { type LocalConfig, PROJECT, readConfig } from './config.ts';
import { countRuns, runExample } from './example.ts';
import { prepareHome } from './home.ts';
import { LocalError } from './local-error.ts';
import { buildPage, isBuilt, pageFolder } from './page.ts';
import { checkPorts } from './ports.ts';
import { claimStack } from './stack-file.ts';
import { apiUrl, startStack, temporalWebUrl } from './stack.ts';
import { findTemporalCli } from './temporal-cli.ts';
import { LOOPBACK } from './temporal-server.ts';
import { untilStopped } from './until-stopped.ts';

const HELP = `npm start            run Holdfast here until Ctrl-C: Temporal, a worker and the API
npm start -- --once  run the example backtest and end: status 0 when it completed`;

/** Runs the embedded stack; resolves to the exit status. */
async function main(): Promise<number> {
  const { once, help } = readArguments();
  if (help) say(HELP);
  if (help) return 0;
  const config = readConfig(process.env);
  const { HOST, PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT } = config;
  prepareHome(config.HOLDFAST_HOME);
  const record = await claimStack(config.HOLDFAST_HOME, { url: apiUrl(config), ports: { PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT } }, say);
  try {
    return await untilStopped(
      async (signal) => {
        const temporalPorts = [
          { variable: 'TEMPORAL_PORT', host: LOOPBACK, port: TEMPORAL_PORT },
          { variable: 'TEMPORAL_UI_PORT', host: LOOPBACK, port: TEMPORAL_UI_PORT },
        ];
        await checkPorts([{ variable: 'PORT', host: HOST, port: PORT }, ...(config.TEMPORAL_ADDRESS === undefined ? temporalPorts : [])]);
        const cli = config.TEMPORAL_ADDRESS === undefined ? await temporalCli() : null;
        signal.throwIfAborted();
        const page = pageFolder();
        if (!once) showPage(page, config, signal);
        const stack = startStack({ ...config, page }, cli, { say, started: record.child });
        return { work: stack.ready.then(() => greet(config, once, signal)), stop: stack.stop };
      },
      (wasAsked) => {
        if (wasAsked) say('\nStopping; what runs is continued at the next start …');
        record.stopping();
      },
    );
  } finally {
    record.remove();
  }
}

function readArguments(): { once: boolean; help: boolean } {
  try {
    const { values } = parseArgs({ options: { once: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } });
    return values;
  } catch (error) {
    throw new LocalError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`, { cause: error });
  }
}

async function temporalCli(): Promise<string> {
  return findTemporalCli({ env: process.env, cacheFolder: path.join(PROJECT, '.holdfast/cache'), say });
}

/** Builds the page beside the start of the service, once for each version of it. Whatever becomes of it, the service is there. */
function showPage(folder: string, config: LocalConfig, signal: AbortSignal): void {
  if (isBuilt(folder)) return;
  say(`Building the page, once (about a minute); the service does not wait for it …`);
  buildPage(folder, signal).then(
    () => say(`The page is built: ${apiUrl(config)}/`),
    (error: unknown) => {
      if (!signal.aborted) say(`The page could not be built; all else works. ${error instanceof Error ? error.message : String(error)}`);
    },
  );
}

/** What is shown once everything is ready. Resolves to the exit status where there is nothing to stay for, else to null. */
async function greet(config: LocalConfig, once: boolean, signal: AbortSignal): Promise<number | null> {
  const client = createHttpClient({ url: apiUrl(config), token: process.env.API_TOKEN });
  say(`Holdfast is ready, ${Math.round(performance.now() / 100) / 10} s after its start.`);
  const runs = await countRuns(client);
  if (runs.any) say(`Runs from earlier: ${runs.all}; of these go on now: ${runs.open}.`);
  const example = once || !runs.any ? await runExample(client, once ? randomUUID() : 'first-start-example', signal) : null;
  showLinks(config, example);
  if (once) return example?.status === 'completed' ? 0 : 1;
  say('\nIt stays up until Ctrl-C. Run your own: bin/holdfast run examples/sma-cross.json --watch');
  return null;
}

function showLinks(config: LocalConfig, example: RunSummary | null): void {
  const links: [string, string | null | undefined][] = [
    ['Page', `${apiUrl(config)}/`],
    ['API docs', `${apiUrl(config)}/docs`],
    ['Temporal Web', temporalWebUrl(config)],
    ['Run', example && new URL(example.links.self, apiUrl(config)).href],
    ['Run in Temporal', example?.links.temporal],
  ];
  say('');
  for (const [name, link] of links) if (link) say(`  ${name.padEnd(16)}${link}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

// A terminal that was closed takes no more text; the children still have to be stopped.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
try {
  process.exitCode = await main();
} catch (error) {
  const expected = error instanceof LocalError || error instanceof RefusedError || error instanceof UnreachableError;
  process.stderr.write(`${expected ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = 1;
}
process.exit();
