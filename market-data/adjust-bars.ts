import { type Bars, type CorporateActions, PRICE_COLUMNS } from '../shared/bars.ts';
import type { DataSpec } from '../shared/spec.ts';
import { dividendsInLastShares, sharesAfter } from './shares.ts';
import { collectBlocks, withColumns, type BarBlock } from './time-chunks.ts';

/** Whether bars as they were traded have to be in memory all at once to be adjusted: a dividend changes all prices before it. */
export function adjustsAtOnce(adjust: DataSpec['adjust']): boolean {
  return adjust === 'total-return';
}

/** Bars as they were traded, with their actions at the first block, as a request wants them. What the prices do not contain then stays as actions. */
export async function* adjustBlocks(blocks: AsyncIterable<BarBlock>, adjust: DataSpec['adjust']): AsyncGenerator<BarBlock> {
  if (adjust === 'none') return yield* blocks;
  if (adjust === 'total-return') return yield (await collectBlocks(blocks)).map(reinvested);
  const known = new Map<string, CorporateActions>();
  for await (const block of blocks) {
    for (const { symbol, actions } of block) if (actions !== undefined) known.set(symbol, actions);
    yield block.map((bars) => inLastShares(bars, known.get(bars.symbol)));
  }
}

/** Prices before a split in the shares of the end: divided by its ratio, volumes multiplied by it. */
function inLastShares(bars: Bars, actions: CorporateActions | undefined): Bars {
  if (actions === undefined) return bars;
  const left = bars.actions && { actions: dividendsInLastShares(actions) };
  if (actions.splits.ts.length === 0 || bars.ts.length === 0) return { ...bars, ...left };
  const shares = sharesAt(bars.ts, actions);
  const adjusted = changed(bars, (name, value, i) => (name === 'volume' ? value * shares[i]! : value / shares[i]!));
  return { ...adjusted, ...left };
}

function sharesAt(ts: Float64Array, actions: CorporateActions): Float64Array {
  const { splits } = actions;
  const shares = new Float64Array(ts.length);
  let next = splits.ts.findIndex((time) => time > ts[0]!);
  let now = sharesAfter(actions, ts[0]!);
  for (let i = 0; i < ts.length; i++) {
    while (next >= 0 && next < splits.ts.length && splits.ts[next]! <= ts[i]!) {
      next++;
      now = sharesAfter(actions, ts[i]!);
    }
    shares[i] = now;
  }
  return shares;
}

/**
 * Prices as if dividends had been put into more shares at the close of the first bar from their ex date on: what came before is multiplied by
 * close / (close + dividend), besides the splits. Volumes stay as they were traded. Dividends after the last bar change nothing.
 */
function reinvested(bars: Bars): Bars {
  const { actions, ts, volume } = bars;
  if (actions === undefined) return bars;
  const { actions: dividends, ...inShares } = inLastShares(bars, actions);
  const factors = new Float64Array(ts.length).fill(1);
  const paid = dividends!.dividends;
  let factor = 1;
  for (let i = ts.length - 1, next = paid.ts.length - 1; i >= 0; i--) {
    factors[i] = factor;
    for (; next >= 0 && paid.ts[next]! > (ts[i - 1] ?? -Infinity); next--) {
      if (paid.ts[next]! <= ts[i]!) factor *= inShares.close[i]! / (inShares.close[i]! + paid.amount[next]!);
    }
  }
  return { ...changed(inShares, (_, value, i) => value * factors[i]!), volume };
}

/** The bars with other prices and volumes. */
function changed(bars: Bars, to: (name: string, value: number, row: number) => number): Bars {
  const isOwn = (name: string): boolean => (PRICE_COLUMNS as readonly string[]).includes(name);
  return withColumns(bars, (name) => {
    const column = name in bars ? bars[name as 'close'] : bars.extra![name]!;
    return isOwn(name) ? column.map((value, i) => to(name, value, i)) : column;
  });
}
