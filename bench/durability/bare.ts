import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BacktestSpec } from '../../shared/spec.ts';
import { prepareDecider } from '../../strategies/catalog.ts';
import { openArtifactStores } from '../../worker/stores.ts';
import { finishRun } from '../engine/work.ts';

/** The engine by itself on the bars of a spec, in memory: node bare.ts SPEC. Prints the seconds, from the bars to all metrics. */

const spec = BacktestSpec.parse(JSON.parse(process.argv[2]!));
const home = mkdtempSync(path.join(tmpdir(), 'holdfast-bare-'));
try {
  const { marketData, datasets } = openArtifactStores(home);
  const dataset = await datasets.read(await marketData.fetch(spec, new AbortController().signal));
  const [bars] = dataset.instruments;
  const start = performance.now();
  finishRun(bars!, prepareDecider(spec.strategy, [bars!]));
  process.stdout.write(`${(performance.now() - start) / 1000}\n`);
} finally {
  rmSync(home, { recursive: true, force: true });
}
