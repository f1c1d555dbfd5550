import type { Checkpoint } from '../../artifacts/checkpoints.ts';
import { createRunSimulation, type RunInput, type RunSimulation, type RunState } from '../../engine/run-simulation.ts';
import type { LeftColumns } from '../../engine/indicators/streamed-columns.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import type { Dataset } from '../../shared/bars.ts';
import type { BacktestSpec } from '../../shared/spec.ts';
import { createBarStretches, type BarStretches, type Place, type Stretch } from './bar-stretches.ts';
import { runInputOf } from './run-input.ts';
import type { JobStores } from './stores.ts';

/** A simulation on its way through the bars, of which a stretch at a time is in memory; all of them, where they fit. */
export interface Passage {
  /** Of this stretch. */
  readonly simulation: RunSimulation;
  /** First bar behind the stretch. */
  readonly until: number;
  /** What a checkpoint has to keep of the columns; null where they are computed from all bars. */
  readonly place: Place | null;
  /** Goes on to the next stretch: another simulation, as from a checkpoint. What the old one appended has to be taken before. */
  next(): Promise<void>;
}

export interface PassageJob {
  spec: BacktestSpec;
  /** Null: it does not fit into memory, and is read stretch by stretch. */
  dataset: Dataset | null;
  datasetRef: ArtifactRef;
  /** For a stretch and what it takes to simulate it. */
  memoryBytes: number;
}

type PassageStores = Pick<JobStores, 'datasets' | 'prepareDecider'>;

/** From a checkpoint on, or from the first bar. */
export async function openPassage(stores: PassageStores, job: PassageJob, before: Checkpoint | null): Promise<Passage> {
  if (job.dataset === null) return streamedPassage(stores, job, before);
  const simulation = simulate(stores, job.spec, runInputOf(job.spec, job.dataset), before?.state as RunState | undefined);
  return { simulation, until: simulation.total, place: null, next: () => Promise.reject(new RangeError('there are no further bars')) };
}

type Bars = Pick<RunInput, 'bars' | 'timeline' | 'account' | 'instruments' | 'zone'>;

function simulate(stores: PassageStores, { strategy, seed }: BacktestSpec, input: Bars, state: RunState | undefined): RunSimulation {
  return createRunSimulation({ ...input, decider: stores.prepareDecider(strategy, input.bars, input), seed, state });
}

async function streamedPassage(stores: PassageStores, job: PassageJob, before: Checkpoint | null): Promise<Passage> {
  const { spec } = job;
  const file = await stores.datasets.open(job.datasetRef);
  const stretches = createBarStretches(file, spec.data.symbols.length);
  const inputOf = ({ bars, timeline }: Stretch): Bars => {
    return { bars, timeline, account: spec.account, instruments: spec.data.instruments, zone: file.zone };
  };

  async function enter(place: Place, state: RunState | undefined) {
    const stretch = await stretches.load(place, endOf(stretches, place, job.memoryBytes));
    if (state !== undefined) await stretches.recallEntries(stretch, state);
    return { place, stretch, simulation: simulate(stores, spec, inputOf(stretch), state) };
  }

  /** A checkpoint of a run whose bars were all in memory says nothing of columns: they are computed from the first bar on. */
  async function placeOf(bar: number): Promise<Place> {
    let place: Place = { chunk: 0, left: null };
    for (;;) {
      const end = endOf(stretches, place, job.memoryBytes);
      if (stretches.barAt(end) > bar || end === stretches.chunks) return place;
      const stretch = await stretches.load(place, end);
      const input = inputOf(stretch);
      stores.prepareDecider(spec.strategy, input.bars, input);
      place = placeAfter(stretch, end);
    }
  }

  const state = before?.state as RunState | undefined;
  let now = await enter((before?.place as Place | null | undefined) ?? (await placeOf(before?.bar ?? 0)), state);
  return {
    get simulation() {
      return now.simulation;
    },
    get until() {
      return now.stretch.toBar;
    },
    get place() {
      return now.place;
    },
    async next() {
      const place = placeAfter(now.stretch, endOf(stretches, now.place, job.memoryBytes));
      const after = now.simulation.state();
      await stretches.recallEntries(now.stretch, after);
      now = await enter(place, after);
    },
  };
}

function placeAfter({ columns }: Stretch, chunk: number): Place {
  const left: LeftColumns = columns.left();
  return { chunk, left };
}

/** The first stretch is one chunk: only then is it known how many columns a strategy takes. */
function endOf(stretches: BarStretches, { chunk, left }: Place, bytes: number): number {
  return Math.min(stretches.chunks, chunk + (left === null ? 1 : stretches.fitting(bytes, left)));
}
