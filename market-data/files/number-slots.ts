import { join } from 'node:path';

/**
 * Columns of numbers on their way from one process to the other: in the slots of a file that both have open, which is written over and over, so its pages stay
 * in memory and the numbers are copied twice. A pipe would copy as often, in pieces of 64 KB that each want a buffer.
 */
export const SLOTS = 4;
/** Most rows in a slot. */
export const SLOT_ROWS = 65_536;

/** The file, below the folder that the reading process may write. */
export function slotsFile(temporary: string): string {
  return join(temporary, 'numbers');
}

/** Bytes from the start of the file. */
export function slotStart(slot: number, columns: number): number {
  return slot * columns * SLOT_ROWS * Float64Array.BYTES_PER_ELEMENT;
}
