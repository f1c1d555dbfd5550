import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/**
 * All that is measured of market data, one after the other, each beside its goal: `npm run bench:data`. `-- --large`: with 100 M rows of BigQuery and of a
 * Parquet file, to see that memory stays flat; that takes some ten minutes and 15 GB of disk. `-- --small`: a tenth of the rows, to see that it works.
 */
const ROWS = process.argv.includes('--large') ? 100_000_000 : process.argv.includes('--small') ? 1_000_000 : 10_000_000;

const env = { ...process.env, BIGQUERY_ROWS: String(process.argv.includes('--large') ? ROWS : 2 * ROWS) };
for (const [program, ...rest] of [['bigquery.ts'], ['files.ts', String(ROWS)], ['synthetic.ts']] as const) {
  process.stdout.write(`\n${program}\n`);
  const child = spawn(process.execPath, [path.join(import.meta.dirname, program), ...rest], { env, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) process.exitCode = 1;
}
