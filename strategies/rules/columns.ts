import { computeIndicator } from '../../engine/indicators/compute.ts';
import { derivedColumns } from '../../engine/indicators/derived-columns.ts';
import { PRICE_COLUMNS, type Bars } from '../../shared/bars.ts';
import { createBlocks } from './blocks.ts';
import type { NumberNode, Plane } from './graph.ts';
import { partsBelow } from './parts.ts';
import { rankColumns } from './rank.ts';

/** Whole columns of nodes on the bars of one symbol. */
export type NodeColumns = ReadonlyMap<NumberNode, Float64Array>;

/** The names of the columns that all of the bars have. */
export function columnNames(bars: readonly Bars[]): string[] {
  const further = Object.keys(bars[0]?.extra ?? {}).filter((name) =>
    bars.every(({ extra }) => extra !== undefined && Object.hasOwn(extra, name)),
  );
  return [...PRICE_COLUMNS, ...further];
}

/** Every column of the bars; what is derived from them is shared for as long as they live. */
function sourcesOf(bars: Bars): Float64Array[] {
  return [...PRICE_COLUMNS.map((name) => bars[name]), ...Object.values(bars.extra ?? {})];
}

/**
 * The columns that the roots are computed from, block by block, for each symbol: those of the data, and those that need whole columns
 * (indicators, ranks). What other runs and trials on the same bars need too is computed once for all of them.
 */
export function resolveColumns(roots: readonly (NumberNode | Plane)[], bars: readonly Bars[]): NodeColumns[] {
  const columns = bars.map(() => new Map<NumberNode, Float64Array>());
  for (const node of partsBelow(roots)) {
    if (node.kind !== 'column' && node.kind !== 'indicator' && node.kind !== 'rank') continue;
    const inputs = node.kind === 'column' ? [] : node.inputs;
    const inputsOf = bars.map((each, s) => inputs.map((input) => wholeColumn(input, each, columns[s]!)));
    const ranks =
      node.kind === 'rank'
        ? rankColumns(
            bars,
            inputsOf.map(([only]) => only!),
          )
        : null;
    bars.forEach((each, s) => columns[s]!.set(node, ranks?.[s] ?? columnOf(node, each, inputsOf[s]!)));
  }
  return columns;
}

function columnOf(node: NumberNode, bars: Bars, inputs: Float64Array[]): Float64Array {
  if (node.kind === 'indicator') return computeIndicator(node.definition, inputs, node.params)[node.output]!;
  const name = (node as NumberNode & { kind: 'column' }).name;
  return bars.extra !== undefined && Object.hasOwn(bars.extra, name) ? bars.extra[name]! : bars[name as (typeof PRICE_COLUMNS)[number]];
}

/** A column of the node, whatever it is: what an indicator takes must be there as a whole. */
function wholeColumn(node: NumberNode, bars: Bars, columns: NodeColumns): Float64Array {
  const known = columns.get(node);
  if (known !== undefined) return known;
  const [column] = derivedColumns(sourcesOf(bars), node.text, {
    outputs: 1,
    lookback: 0, // conditions on bars before read a few rows, which every column keeps
    start: () => null,
    run: (_, { from, to, outputs }) => computeColumn(node, columns, { from, to, out: outputs[0]! }),
  });
  return column!;
}

function computeColumn(
  node: NumberNode,
  columns: NodeColumns,
  { from: start, to, out }: { from: number; to: number; out: Float64Array },
): void {
  const blocks = createBlocks([node], columns);
  for (let from = start; from < to; from += blocks.size) {
    const count = Math.min(to - from, blocks.size);
    blocks.run(from, count);
    const { array, at } = blocks.numbers(node);
    out.set(array.subarray(at, at + count), from - start);
  }
}

/** The columns that have a first value: before it, nothing is decided. */
export function indicatorsOf(columns: NodeColumns): Float64Array[] {
  return [...columns].filter(([{ kind }]) => kind === 'indicator').map(([, column]) => column);
}
