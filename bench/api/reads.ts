import autocannon from 'autocannon';
import { newHome, start, startApi } from './server.ts';
import { writeManyRows } from './many-rows.ts';

const RUNS = 2_000;
const CONNECTIONS = 20;
const WARM_SECONDS = 3;
const SECONDS = 5;
const TURNS = 3;
const GOAL = 0.3;
const CORE = '0';

const BARE = `
  import Fastify from 'fastify';
  const app = Fastify();
  const body = JSON.parse(process.env.BODY);
  app.get('/healthz', () => ({}));
  app.get('/', async () => body);
  await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });`;

/** Prints how many reads of a run, and of a page of runs, one core answers in a second, beside a bare route with the same body. They take turns. */
export async function measureReads(): Promise<void> {
  const { home, file, remove } = newHome();
  const id = await writeManyRows(file, RUNS);
  const api = await startApi(home, CORE);
  try {
    process.stdout.write(`${CONNECTIONS} connections, ${TURNS} turns of ${SECONDS} s each, goal ${GOAL} of the bare route\n`);
    await compare('one run', `${api.url}/v1/backtests/${id}`);
    await compare('its metrics, of the list', `${api.url}/v1/backtests?limit=1`);
    await compare('a page of 50 runs', `${api.url}/v1/backtests`);
  } finally {
    await api.stop();
    remove();
  }
}

async function compare(name: string, url: string): Promise<void> {
  const body = await (await fetch(url)).text();
  const bare = await start(['--input-type=module', '--eval', BARE], { BODY: body }, CORE);
  try {
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (const each of [url, bare.url]) await autocannon({ url: each, connections: CONNECTIONS, duration: WARM_SECONDS });
    for (let turn = 0; turn < TURNS; turn++) {
      ours.push(await perSecond(url));
      theirs.push(await perSecond(bare.url));
    }
    const ratio = median(ours.map((rate, turn) => rate / theirs[turn]!));
    process.stdout.write(
      `${name.padEnd(26)} ${Math.round(median(ours))} a second, bare ${Math.round(median(theirs))}, ratio ${ratio.toFixed(2)} (${body.length} bytes)\n`,
    );
  } finally {
    await bare.stop();
  }
}

async function perSecond(url: string): Promise<number> {
  const { requests, non2xx, errors } = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS });
  if (non2xx + errors > 0) throw new Error(`${url}: ${non2xx} refused, ${errors} failed`);
  return requests.average;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
