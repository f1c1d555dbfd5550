import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ModuleSlices } from '../activities/modules/module-slices.ts';
import type { SliceResult } from '../activities/jobs/simulate-slice.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import { BacktestSpec } from '../shared/spec.ts';
import { openModuleSlices } from './module-processes.ts';
import { openArtifactStores } from './stores.ts';

const MODULES = path.resolve(import.meta.dirname, '../test/fixtures/modules');
const BARS = 20_000;

let home: string;
let stores: ReturnType<typeof openArtifactStores>;
let dataset: ArtifactRef;
let slices: ModuleSlices;
beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'module-processes-'));
  stores = openArtifactStores(home);
  slices = openSlices({ stallSeconds: 60 });
  dataset = await stores.marketData.fetch(specOf('counts-bars'), new AbortController().signal);
});
afterAll(async () => {
  await slices.close();
  rmSync(home, { recursive: true });
});

function openSlices({ stallSeconds }: { stallSeconds: number }): ModuleSlices {
  return openModuleSlices({
    HOLDFAST_HOME: home,
    HOLDFAST_MODULES: MODULES,
    HOLDFAST_MODULE_MEMORY_MB: 300,
    HOLDFAST_MODULE_STALL_SECONDS: stallSeconds,
  });
}

function specOf(name: string, params: Record<string, number> = {}) {
  return BacktestSpec.parse({
    data: { source: 'synthetic', symbols: ['SYN'], timeframe: '1m', synthetic: { bars: BARS } },
    strategy: { name, params },
  });
}

interface Options {
  on?: ModuleSlices;
  params?: Record<string, number>;
  checkpoint?: ArtifactRef | null;
  sliceMs?: number;
  signal?: AbortSignal;
  progress?: (done: number) => void;
  streamed?: boolean;
}

function run(name: string, options: Options = {}): Promise<SliceResult> {
  const {
    on = slices,
    params,
    checkpoint = null,
    sliceMs = 60_000,
    signal = new AbortController().signal,
    progress = () => undefined,
    streamed = false,
  } = options;
  const memory = { streamed, memoryBytes: 2 ** 30 };
  const job = {
    ...memory,
    owner: 'local',
    spec: specOf(name, params),
    datasetRef: dataset,
    checkpoint,
    earlier: null,
    sliceMs,
    attempt: 1,
  };
  return on.run(job, { signal, progress });
}

async function stateOf({ checkpoint }: SliceResult) {
  const { state } = await stores.checkpoints.read(checkpoint!);
  return (state as { of: { memory: { state: unknown; sourceHash: string } } }).of;
}

describe('a module in a process of its own', { timeout: 60_000 }, () => {
  it('simulates to the end of the data, and leaves its state in the checkpoint', async () => {
    const result = await run('counts-bars');
    expect(result).toMatchObject({ fromBar: 0, bar: BARS, ended: 'end-of-data' });
    expect((await stateOf(result)).memory).toEqual({ state: { bars: BARS }, sourceHash: expect.stringMatching(/^[0-9a-f]{16}$/) });
  });

  it('reads a dataset that is larger than memory a stretch at a time', async () => {
    const [whole, streamed] = [await run('counts-bars'), await run('counts-bars', { streamed: true })];
    expect(streamed).toMatchObject({ bar: BARS, ended: 'end-of-data' });
    expect(await stateOf(streamed)).toEqual(await stateOf(whole));
  });

  it('goes on from checkpoint to checkpoint with the same end, and without what the module kept elsewhere', async () => {
    const whole = await run('counts-bars');
    let slice = await run('counts-bars', { sliceMs: 0 });
    for (let i = 0; i < 3; i++) slice = await run('counts-bars', { sliceMs: 0, checkpoint: slice.checkpoint });
    expect(slice.bar).toBeLessThan(BARS);
    const cut = await run('counts-bars', { checkpoint: slice.checkpoint });
    const { logged: _, ...state } = (await stateOf(cut)) as { logged?: number };
    const { logged: __, ...expected } = (await stateOf(whole)) as { logged?: number };
    expect(state).toEqual(expected);
    // The fixture logs once for each thread that begins anew.
    expect((await stateOf(cut)) as object).toMatchObject({ logged: 5 });
  });

  it('stops at a bar boundary with a checkpoint when it is asked to', async () => {
    const stop = new AbortController();
    const slow = run('is-slow', { signal: stop.signal, progress: (done) => done > 20 && stop.abort() });
    const result = await slow;
    expect(result.ended).toBeNull();
    expect(result.bar).toBeGreaterThan(20);
    expect(result.bar).toBeLessThan(BARS);
    expect((await stateOf(result)).memory).toMatchObject({ state: { bars: result.bar } });
  });

  it.each([
    ['takes-objects', 'module_out_of_memory', /MB|heap/],
    ['takes-arrays', 'module_out_of_memory', /MB|heap/],
    ['takes-typed-arrays', 'module_out_of_memory', /MB/],
    ['exits', 'module_crashed', /process\.exit\(3\)/],
    ['aborts', 'module_crashed', /SIGABRT/],
    ['kills-itself', 'module_crashed', /SIGKILL/],
    [
      'throws',
      'strategy_failed',
      /throws failed at bar 100 \(.+\): RangeError: no bar after 100\n {4}at .*next \(test\/fixtures\/modules\/throws\.ts:\d+[^]*\n {2}bar 99: one bar left/,
    ],
    ['keeps-a-map', 'strategy_failed', /state\.seen is a Map/],
    ['is-no-module', 'strategy_failed', /is-no-module cannot be loaded: strategy\.description/],
  ])('%s: fails with %s, and the run beside it completes', async (name, code, message) => {
    const beside = run('counts-bars');
    const failing = run(name);
    await expect(failing).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(await beside).toMatchObject({ ended: 'end-of-data' });
  });

  it('that loops for ever fails with module_stalled, and the run beside it completes', async () => {
    const impatient = openSlices({ stallSeconds: 2 });
    onTestFinished(() => impatient.close());
    const [looping, beside] = await Promise.allSettled([run('loops-for-ever', { on: impatient }), run('counts-bars', { on: impatient })]);
    expect(looping).toMatchObject({ reason: { code: 'module_stalled', message: expect.stringContaining('took longer than 2 s') } });
    expect(beside).toMatchObject({ value: { ended: 'end-of-data' } });
  });

  it('does not count as stalled while each of its calls is short', async () => {
    const impatient = openSlices({ stallSeconds: 0.5 });
    onTestFinished(() => impatient.close());
    const result = await run('is-slow', { on: impatient, params: { milliseconds: 50 }, sliceMs: 1_500 });
    expect(result.bar).toBeGreaterThan(0);
  });

  it('checks the parameters again, since the API may have known another version', async () => {
    await expect(run('counts-bars', { params: { every: 0 } })).rejects.toMatchObject({ code: 'invalid_spec' });
  });
});

describe('a strategy', () => {
  it('is a module when a file has its name, unless it is built in', () => {
    const isModule = (name: string) => slices.has({ name, params: {} });
    expect(['counts-bars', 'sma-cross', 'nowhere', '../modules/throws'].map(isModule)).toEqual([true, false, false, false]);
  });
});
