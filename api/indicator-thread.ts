import { parentPort, workerData } from 'node:worker_threads';
import { indicatorTable, type IndicatorTableInput } from './indicator-table.ts';

/** One table, and the end of the thread. */
const table = indicatorTable(workerData as IndicatorTableInput);
parentPort!.postMessage(
  table,
  table.columns.flatMap((column) => (column.kind === 'word' ? [] : [column.values.buffer as ArrayBuffer])),
);
