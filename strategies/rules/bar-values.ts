import type { Bars } from '../../shared/bars.ts';
import { createBlocks } from './blocks.ts';
import type { NodeColumns } from './columns.ts';
import type { NumberNode, Plane } from './graph.ts';

/** Nodes read at one bar of a symbol at a time; computed in blocks that start at fixed bars, whatever bar is asked for first. */
export interface BarValues {
  /** Whether the condition certainly holds at a row of the symbol's own bars. */
  holds(plane: Plane, row: number): boolean;
  /** NaN where it is not known. */
  number(node: NumberNode, row: number): number;
}

export function createBarValues(
  roots: { planes: readonly Plane[]; numbers: readonly NumberNode[] },
  bars: Bars,
  columns: NodeColumns,
): BarValues {
  const blocks = createBlocks([...roots.planes, ...roots.numbers], columns);
  const { size } = blocks;
  const bits = new Map(roots.planes.map((plane) => [plane, new Int32Array(size / 32)]));
  let start = -1;

  function seek(row: number): number {
    const wanted = row & -size;
    if (wanted !== start) {
      start = wanted;
      blocks.run(start, Math.min(size, bars.ts.length - start));
      for (const [plane, words] of bits) blocks.copyBits(plane, words);
    }
    return row - start;
  }

  return {
    holds(plane, row) {
      const at = seek(row);
      return ((bits.get(plane)![at >>> 5]! >>> (at & 31)) & 1) === 1;
    },
    number(node, row) {
      const at = seek(row);
      const operand = blocks.numbers(node);
      return operand.array[operand.at + at]!;
    },
  };
}
