import { newHome, startApi } from './server.ts';
import { writeManyRows } from './many-rows.ts';

const GOAL_MS = 50;
const WARM = 20;

/** Prints how long pages of lists take, one after the other, with so many runs. */
export async function measureLists({ runs, rounds }: { runs: number; rounds: number }): Promise<void> {
  const { home, file, remove } = newHome();
  await writeManyRows(file, runs);
  const api = await startApi(home);
  try {
    const list = `${api.url}/v1/backtests`;
    process.stdout.write(`${runs} runs of one owner in SQLite, ${rounds} pages of 50 each, goal p99 ${GOAL_MS} ms\n`);
    for (const [name, query] of Object.entries(await queriesOf(list))) {
      const times = await timesOf(`${list}${query}`, rounds);
      const at = (share: number): string => `${times[Math.floor(times.length * share)]!.toFixed(1)} ms`;
      process.stdout.write(`${name.padEnd(40)} p50 ${at(0.5).padStart(9)}  p99 ${at(0.99).padStart(9)}\n`);
    }
  } finally {
    await api.stop();
    remove();
  }
}

/** Each filter, where it finds a page at once and where it reads all runs to find nothing. */
async function queriesOf(list: string): Promise<Record<string, string>> {
  const { nextCursor } = (await (await fetch(`${list}?limit=200`)).json()) as { nextCursor: string };
  return {
    none: '',
    'none, a later page': `?cursor=${nextCursor}`,
    'none, oldest first': '?sort=createdAt',
    status: '?status=failed',
    'status of none': '?status=paused',
    strategy: '?strategy=rsi-reversion',
    symbol: '?symbol=AAPL',
    tag: '?tag=rare',
    'symbol and tag': '?symbol=AAPL&tag=rare',
    'symbol and tag of half': '?symbol=AAPL&tag=common',
    'symbol and tag that never meet': '?symbol=GOOG&tag=common',
    text: '?q=number%2099',
    'text in no name': '?q=no%20such%20name',
    'two letters in no name': '?q=zz',
    'text with symbol and tag': '?q=no%20such%20name&symbol=AAPL&tag=common',
  };
}

/** In milliseconds, sorted. */
async function timesOf(url: string, rounds: number): Promise<number[]> {
  const times: number[] = [];
  for (let round = -WARM; round < rounds; round++) {
    const begun = performance.now();
    const answer = await fetch(url);
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    if (round >= 0) times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b);
}
