import type { Batch } from '../../shared/batch.ts';
import type { RunSummary } from '../../shared/run.ts';
import { call, many, quantiles, repeat, timed, until, type Quantiles } from './measure.ts';

/** Bars of a small run; the same number for both sides. */
const BARS = 20_000;
/** Clients that submit single runs at the same time. */
const CLIENTS = 16;
/** Requests for state while a crowd is on its way. */
const POLL_MS = 100;

/** Either side, as a client sees it: submits a small run, gives its address, and says whether it has ended. */
export interface Side {
  submit(k: number): Promise<string>;
  isDone(address: string): Promise<boolean>;
}

export function holdfastSide(url: string): Side {
  return {
    submit: async (k) => `${url}/v1/backtests/${(await call<RunSummary>(`${url}/v1/backtests`, smallRun(k))).id}`,
    isDone: async (address) => (await call<RunSummary>(address)).finishedAt !== null,
  };
}

export function celerySide(url: string, kind: 'whole' | 'chain'): Side {
  return {
    submit: async (k) =>
      `${url}/${(await call<{ id: string }>(`${url}/${kind}`, { count: BARS, fast: 5 + (k % 20), slow: 30 + (k % 50) })).id}`,
    isDone: async (address) => (await call<{ state: string }>(address)).state === 'SUCCESS',
  };
}

let given = 0;

/** Each has an account of its own: a result whose files are there already would cost no writing. */
function smallRun(k: number) {
  given += 1;
  return {
    account: { cash: 100_000 + given },
    data: { source: 'synthetic', symbols: ['SYN'], timeframe: '1m', synthetic: { bars: BARS } },
    strategy: { name: 'sma-cross', params: { fast: 5 + (k % 20), slow: 30 + (k % 50) } },
  };
}

/** POST to result, one run after the other, polled every 5 ms. Sides take turns, so that a change of the machine's load reaches both. */
export async function latencies(sides: readonly Side[], runs: number): Promise<Quantiles[]> {
  const times = sides.map((): number[] => []);
  const once = async (side: Side, k: number): Promise<void> => {
    const address = await side.submit(k);
    await until(() => side.isDone(address), Boolean);
  };
  for (const side of sides) await repeat(10, (k) => once(side, k));
  for (let round = 0; round < 10; round++)
    for (const [which, side] of sides.entries()) times[which]!.push(...(await repeat(runs / 10, (k) => once(side, round * 10 + k))));
  return times.map(quantiles);
}

/** Runs a second: `count` single runs from several clients, from the first request to the last result. */
export async function singles(side: Side, count: number): Promise<number> {
  const ms = await timed(async () => {
    const addresses: string[] = [];
    await many(count, CLIENTS, async (k) => void addresses.push(await side.submit(k)));
    await many(count, CLIENTS, async (k) => void (await until(() => side.isDone(addresses[k]!), Boolean, POLL_MS)));
  });
  return (count * 1000) / ms;
}

/** Runs a second of one batch. */
export async function batch(url: string, count: number): Promise<number> {
  const ms = await timed(async () => {
    const { links } = await call<Batch>(`${url}/v1/batches`, { items: Array.from({ length: count }, (_, k) => smallRun(k)) });
    const ended = await until(
      () => call<Batch>(`${url}${links.self}`),
      ({ finishedAt }) => finishedAt !== null,
      POLL_MS,
    );
    if (ended.items['completed'] !== count) throw new Error(`of ${count} items ${ended.items['completed']} completed`);
  });
  return (count * 1000) / ms;
}
