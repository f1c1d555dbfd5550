import { streamedPart } from './streamed-columns.ts';

/**
 * First bar at whose close a strategy with these indicators may decide: one after the first bar at which all of them are valid. A
 * strategy without indicators decides at bar 1. Beyond the last bar where there are too few bars.
 */
export function firstDecision(...columns: Float64Array[]): number {
  return 1 + Math.max(0, ...columns.map(firstValid));
}

function firstValid(column: Float64Array): number {
  const part = streamedPart(column);
  if (part !== undefined) return part.first ?? column.length;
  let index = 0;
  while (index < column.length && Number.isNaN(column[index]!)) index++;
  return index;
}
