import type { AnyRunRow, FullRunRow } from '../results/runs.ts';
import type { NightRow } from '../results/schedules.ts';
import { HoldfastError } from '../shared/errors.ts';
import { isTerminal, type RunKind, type TerminalStatus } from '../shared/names.ts';
import type { RunError } from '../shared/run.ts';
import type { NightComparison } from '../shared/schedule.ts';
import { compareBacktests, compareSweeps, type BacktestNight, type SweepNight } from './compare-nights.ts';
import type { Continued } from './jobs/continue-run.ts';
import type { NightInput } from './launch-night.ts';
import type { Ports } from './ports.ts';

export interface EndedNight {
  status: TerminalStatus;
  /** Of a run that failed. */
  error: RunError | null;
}

export interface EndInput extends NightInput {
  runId: string;
  kind: RunKind;
  /** How it went on where the night before ended, or why not. */
  continued: Pick<Continued, 'newBars' | 'full'>;
}

/** Nights that are looked through for the one before and for earlier runs of the same one. */
const LOOKED_AT = 50;

type NightPorts = Pick<Ports, 'results' | 'series' | 'threads'>;

/** Says how the run of a night ended, and keeps what is new in it. Repeating it keeps the same. */
export function endNight(ports: NightPorts) {
  const { results } = ports;
  return async (night: EndInput): Promise<EndedNight> => {
    const run = (await results.get<RunKind>(night.owner, night.runId, night.kind)) as AnyRunRow | null;
    if (run === null) throw new HoldfastError('not_found', `The run ${night.runId} was deleted before its night had ended.`);
    if (!isTerminal(run.status)) throw new HoldfastError('internal', `The run ${run.id} goes on: an operator has reset it.`);
    if (run.status === 'completed') await results.compareNight(night.launch, await comparisonOf(ports, night, run));
    return { status: run.status, error: run.status === 'failed' ? run.error : null };
  };
}

async function comparisonOf(ports: NightPorts, night: EndInput, run: AnyRunRow): Promise<NightComparison> {
  const { owner, scheduleId, nominalAt, launch, kind } = night;
  const completed = await ports.results.nights(owner, scheduleId, { until: nominalAt, completed: true, limit: LOOKED_AT });
  const others = completed.filter((each) => each.launch !== launch && each.run?.kind === kind);
  const same = others.find((each) => each.nominalAt === nominalAt);
  const before = others.find((each) => each.nominalAt < nominalAt);
  const continued = { newBars: night.continued.newBars, full: night.continued.full };
  const nights = { nominalAt, same, before, continued };
  return run.kind === 'sweep' ? ofSweeps(ports, nights, run) : ofBacktests(ports, nights, run);
}

interface Others {
  nominalAt: number;
  same: NightRow | undefined;
  before: NightRow | undefined;
  continued: NightComparison['continued'];
}

async function ofBacktests(ports: NightPorts, { nominalAt, same, before, continued }: Others, run: FullRunRow): Promise<NightComparison> {
  const { results, series } = ports;
  const whole = async (row: FullRunRow | null, at: number): Promise<BacktestNight | null> => {
    if (row === null || row.result === null) return null;
    return { nominalAt: at, runId: row.id, spec: row.spec, result: row.result, trades: await series.readTrades(row.result.trades) };
  };
  const of = async (night: NightRow | undefined) =>
    night?.runId ? whole(await results.get(run.owner, night.runId), night.nominalAt) : null;
  return compareBacktests({ now: (await whole(run, nominalAt))!, same: await of(same), before: await of(before), continued });
}

type SweepRow = FullRunRow<'sweep'>;

async function ofSweeps({ results, threads }: NightPorts, others: Others, run: SweepRow): Promise<NightComparison> {
  const { nominalAt, same, before, continued } = others;
  const whole = (row: SweepRow | null, at: number): SweepNight | null =>
    row === null || row.result === null ? null : { nominalAt: at, runId: row.id, result: row.result };
  const rowOf = async (night: NightRow | undefined) => (night?.runId ? results.get(run.owner, night.runId, 'sweep') : null);
  const last = await rowOf(before);
  const ranked = (row: SweepRow | null) => (row === null || row.result === null ? null : { spec: row.spec, table: row.result.table });
  const ranking = await threads.run('compareRanks', { before: ranked(last), after: ranked(run)! });
  const nights = {
    now: whole(run, nominalAt)!,
    same: whole(await rowOf(same), same?.nominalAt ?? 0),
    before: whole(last, before?.nominalAt ?? 0),
    continued,
  };
  return compareSweeps(nights, ranking);
}
