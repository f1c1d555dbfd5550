import { HoldfastError } from '../shared/errors.ts';
import { appliesActions, type BacktestSpec, type DataSpec } from '../shared/spec.ts';
import { withActionsInRange, withoutActions } from './actions-in-range.ts';
import { adjustBlocks } from './adjust-bars.ts';
import { actionsAsBars, membersAsBars } from './companions/days.ts';
import type { KnownAtEnd } from './dataset-file.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Frames } from './frames.ts';
import { createQualityControl, type QualityControl, type SymbolFindings } from './quality/quality-control.ts';
import { timeRange, type TimeRange } from './range.ts';
import type { BarSource, Reading } from './source.ts';
import type { BarBlock } from './time-chunks.ts';
import { universeFaults, withMembership } from './universe.ts';

interface Wanted {
  spec: BacktestSpec;
  /** Of the spec's data and its benchmark. */
  frames: Frames;
  reading: Reading;
}

/**
 * What a dataset is made of: the bars of the source, looked at and repaired, adjusted, put together to the timeframe, with the actions that the account is to
 * see and the times at which their symbols may be held.
 */
export async function datasetBlocks(
  source: BarSource,
  { spec, frames, reading }: Wanted,
  signal: AbortSignal,
): Promise<{ blocks: AsyncIterable<BarBlock>; atEnd: () => KnownAtEnd; found: () => SymbolFindings[] }> {
  const { data } = spec;
  const control = createQualityControl(frames.request);
  const raw = controlled(control, ofEverySymbol(source, barsOf(source, frames.request, signal, reading)), signal);
  const bars = source.actions === undefined ? raw : adjustBlocks(raw, data.adjust);
  const framed = frames.make(withActions(spec, bars, timeRange(frames.request).end));
  const blocks = data.universe === undefined ? framed : await ofMembers(source, { data, reading }, framed, signal);
  const range = { start: Infinity, end: -Infinity };
  const atEnd = () => ({ zone: frames.zone(range), quality: control.report() });
  return { blocks: seenIn(range, blocks), atEnd, found: () => control.ofSymbols() };
}

/** The bars of a source, with all that is known of their actions at the first block. */
async function* barsOf(source: BarSource, request: DataSpec, signal: AbortSignal, reading: Reading): AsyncGenerator<BarBlock> {
  let known = await source.actions?.(request.symbols, signal, reading);
  const times = { timeframe: request.timeframe, timeZone: source.describe().timeZone };
  const actionsOf = (symbol: string) => actionsAsBars(known!.get(symbol) ?? NO_ACTIONS, times);
  for await (const block of source.fetch(request, signal, reading)) {
    yield known === undefined ? block : block.map((bars) => ({ ...bars, actions: actionsOf(bars.symbol) }));
    known = undefined;
  }
}

/** Fails with `no_data` where a symbol has no bar in any block: nobody should take it for one that was never bought. */
async function* ofEverySymbol(source: BarSource, blocks: AsyncIterable<BarBlock>): AsyncGenerator<BarBlock> {
  const counts = new Map<string, number>();
  for await (const block of blocks) {
    for (const { symbol, ts } of block) counts.set(symbol, (counts.get(symbol) ?? 0) + ts.length);
    yield block;
  }
  const symbols = [...counts.keys()];
  const empty = symbols.filter((symbol) => counts.get(symbol) === 0);
  if (empty.length === 0) return;
  const known = (await source.symbols()).map(({ symbol }) => symbol).filter((symbol) => !empty.includes(symbol));
  const faults = empty.map((symbol) => ({
    path: `data.symbols.${symbols.indexOf(symbol)}`,
    message: `"${symbol}" has no bars in this range${known.length === 0 ? '' : `. ${didYouMean(symbol, known)}`}`,
  }));
  throw new HoldfastError('no_data', faults.map(({ message }) => message).join('; '), { faults });
}

const NONE = new Float64Array(0);
const NO_ACTIONS = { splits: { ts: NONE, ratio: NONE }, dividends: { ts: NONE, amount: NONE } };

/** The blocks, looked at and repaired; fails as soon as one is not sound, or the fetch was cancelled. */
async function* controlled(control: QualityControl, blocks: AsyncIterable<BarBlock>, signal: AbortSignal): AsyncGenerator<BarBlock> {
  for await (const block of blocks) {
    signal.throwIfAborted();
    yield control.pass(block);
  }
}

/** Actions come with the first block; `end` is that of the range. */
async function* withActions({ data }: BacktestSpec, blocks: AsyncIterable<BarBlock>, end: number): AsyncGenerator<BarBlock> {
  for await (const block of blocks)
    yield block.map((bars) => (appliesActions(data) ? withActionsInRange(bars, end) : withoutActions(bars)));
}

/** The blocks with the times at which their symbols were members. */
async function ofMembers(
  source: BarSource,
  { data, reading }: { data: DataSpec; reading: Reading },
  blocks: AsyncIterable<BarBlock>,
  signal: AbortSignal,
): Promise<AsyncIterable<BarBlock>> {
  const faults = universeFaults(source, data);
  if (faults.length > 0) throw new HoldfastError('invalid_spec', faults.map(({ message }) => message).join('; '), { faults });
  const days = await source.universe!(data.universe!, signal, reading);
  const members = membersAsBars(days, { timeframe: data.timeframe, timeZone: data.timeZone ?? source.describe().timeZone });
  return withMembership(blocks, { members, traded: data.symbols.length });
}

/** Notes the times of the first and the last bar. */
async function* seenIn(range: TimeRange, blocks: AsyncIterable<BarBlock>): AsyncGenerator<BarBlock> {
  for await (const block of blocks) {
    for (const { ts } of block) {
      range.start = Math.min(range.start, ts[0] ?? Infinity);
      range.end = Math.max(range.end, ts.at(-1) ?? -Infinity);
    }
    yield block;
  }
}
