import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeModule } from '../activities/modules/judge-module.ts';
import type { ModuleSlices } from '../activities/modules/module-slices.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import { BacktestSpec } from '../shared/spec.ts';
import { openModuleSlices } from './module-processes.ts';
import { openArtifactStores } from './stores.ts';

const MODULES = path.resolve(import.meta.dirname, '../test/fixtures/modules');

let home: string;
let dataset: ArtifactRef;
let modules: ModuleSlices;
beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'module-audit-'));
  modules = openModuleSlices({
    HOLDFAST_HOME: home,
    HOLDFAST_MODULES: MODULES,
    HOLDFAST_MODULE_MEMORY_MB: 300,
    HOLDFAST_MODULE_STALL_SECONDS: 60,
  });
  dataset = await openArtifactStores(home).marketData.fetch(specOf('counts-bars'), new AbortController().signal);
});
afterAll(async () => {
  await modules.close();
  rmSync(home, { recursive: true });
});

function specOf(name: string, params: Record<string, number> = {}) {
  return BacktestSpec.parse({
    data: { source: 'synthetic', symbols: ['SYN'], timeframe: '1m', synthetic: { bars: 5_000 } },
    strategy: { name, params },
  });
}

const memory = { streamed: false, memoryBytes: 2 ** 30 };

async function verdictsOn(name: string, params: Record<string, number> = {}) {
  const spec = specOf(name, params);
  const slice = { ...memory, owner: 'local', spec, datasetRef: dataset, checkpoint: null, earlier: null, sliceMs: 60_000, attempt: 1 };
  const { checkpoint } = await modules.run(slice, { signal: new AbortController().signal, progress: () => undefined });
  return judgeModule(modules, { spec, datasetRef: dataset, checkpoint: checkpoint! });
}

describe('the audit of a module', { timeout: 60_000 }, () => {
  it.each(['keeps-columns', 'shifts-columns'])('catches %s, which sees bars to come', async (name) => {
    const { lookAhead } = await verdictsOn(name);
    expect(lookAhead).toMatchObject({ passed: false, firstDifference: expect.stringMatching(/^20\d\d-/) });
  });

  it.each(['counts-bars', 'asks-ahead'])('passes %s, which sees none', async (name) => {
    const { lookAhead } = await verdictsOn(name, name === 'counts-bars' ? { every: 3 } : {});
    expect(lookAhead).toMatchObject({ passed: true, firstDifference: null });
    expect(lookAhead!.samples).toBeGreaterThanOrEqual(10);
  });

  it('finds one that is not repeatable, and does not call it look-ahead', async () => {
    expect(await verdictsOn('draws-lots')).toEqual({ lookAhead: null, repeatable: false });
  });

  it('has no verdict on one whose file is another one by now', async () => {
    const spec = specOf('counts-bars');
    const edited = { ...spec, strategy: { name: 'draws-lots', params: {} } };
    const slice = { ...memory, owner: 'local', spec, datasetRef: dataset, checkpoint: null, earlier: null, sliceMs: 60_000, attempt: 1 };
    const { checkpoint } = await modules.run(slice, { signal: new AbortController().signal, progress: () => undefined });
    expect(await judgeModule(modules, { spec: edited, datasetRef: dataset, checkpoint: checkpoint! })).toEqual({ lookAhead: null });
  });

  it('has no verdict when the module ends the process in it', async () => {
    expect(await judgeModule(modules, { spec: specOf('exits'), datasetRef: dataset, checkpoint: dataset })).toEqual({ lookAhead: null });
  });
});
