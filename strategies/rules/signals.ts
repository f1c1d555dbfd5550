import { firstDecision } from '../../engine/indicators/warm-up.ts';
import { ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT, type Strategy } from '../../engine/strategy.ts';
import type { Bars } from '../../shared/bars.ts';
import { createBlocks, sharedPlanes } from './blocks.ts';
import { indicatorsOf, resolveColumns, type NodeColumns } from './columns.ts';
import type { Plane } from './graph.ts';
import type { Program } from './program.ts';

const SIGNALS = { enterLong: ENTER_LONG, exitLong: EXIT_LONG, enterShort: ENTER_SHORT, exitShort: EXIT_SHORT } as const;
type Signal = keyof typeof SIGNALS;

/** Rules that say when to be long, short or flat and nothing else, as the signals of each symbol. Ranks see all of the bars. */
export function prepareSignals(program: Program, bars: readonly Bars[]): Strategy[] {
  const planes = signalPlanes(program);
  const columns = resolveColumns(Object.values(planes), bars);
  return columns.map((each) => createStrategy(planes, each));
}

/** Where each signal is certainly given. */
function signalPlanes({ conditions }: Program): Partial<Record<Signal, Plane>> {
  const { universe: _, ...signals } = conditions;
  return Object.fromEntries(Object.entries(signals).map(([signal, { holds }]) => [signal, holds]));
}

function createStrategy(planes: Partial<Record<Signal, Plane>>, columns: NodeColumns): Strategy {
  const entries = Object.entries(planes) as [Signal, Plane][];
  const without = (Object.keys(SIGNALS) as Signal[]).filter((signal) => planes[signal] === undefined);
  const blocks = createBlocks(Object.values(planes), columns, sharedPlanes);
  const { size } = blocks;
  const words = new Int32Array(size / 32);

  return {
    firstDecision: firstDecision(...indicatorsOf(columns)),
    signals(fromBar, toBar, out) {
      out.fill(0, 0, toBar - fromBar);
      for (let from = fromBar; from < toBar; from += size) {
        const count = Math.min(size, toBar - from);
        blocks.run(from, count);
        for (const [signal, plane] of entries) {
          blocks.copyBits(plane, words);
          spread(words, count, SIGNALS[signal], out.subarray(from - fromBar));
        }
      }
    },
    bits(fromBar, toBar, out) {
      for (const signal of without) out[signal].fill(0, 0, (toBar - fromBar + 31) >>> 5);
      for (let from = fromBar; from < toBar; from += size) {
        blocks.run(from, Math.min(size, toBar - from));
        for (const [signal, plane] of entries) blocks.copyBits(plane, out[signal], (from - fromBar) >>> 5);
      }
    },
  };
}

/** Adds `value` to the bytes whose bit is set. */
function spread(words: Int32Array, count: number, value: number, out: Uint8Array): void {
  for (let w = 0; w * 32 < count; w++) {
    let word = words[w]!;
    while (word !== 0) {
      const bit = 31 - Math.clz32(word & -word);
      out[w * 32 + bit]! += value;
      word &= word - 1;
    }
  }
}
