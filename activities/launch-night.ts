import { setImmediate } from 'node:timers/promises';
import { v5 as uuidv5 } from 'uuid';
import type { MarketData } from '../market-data/catalog.ts';
import type { OverQuota } from '../results/quotas.ts';
import type { AnyRunRow } from '../results/runs.ts';
import type { ScheduleRow } from '../results/schedules.ts';
import { ERRORS, HoldfastError, type Fault } from '../shared/errors.ts';
import type { RunKind } from '../shared/names.ts';
import type { RunError } from '../shared/run.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import { sweepInputOf, type BacktestInput, type LaunchInput, type SweepInput } from '../shared/start.ts';
import { backtestOf, isSweep, type SweepSpec } from '../shared/sweep-spec.ts';
import { countTrials } from '../strategies/sweep/count-trials.ts';
import { readPlan } from '../strategies/sweep/plan.ts';
import { differenceOfSpecs } from './continue-night.ts';
import type { Ports } from './ports.ts';

export interface NightInput extends LaunchInput {
  nominalAt: number;
  /** Temporal's run of the workflow that launches it. */
  launch: string;
}

/** The run of a night, and how its workflow is started. */
export type NightRun = { id: string } & ({ kind: 'backtest'; input: BacktestInput } | { kind: 'sweep'; input: SweepInput });

export type LaunchedNight =
  | {
      run: NightRun;
      /** What its bars are fetched by. */
      fetch: BacktestSpec;
      refused: null;
      /** The night before, where this one may go on from its end; else why it may not. */
      before: { runId: string; full: null } | { runId: null; full: string };
    }
  | { run: null; refused: RunError };

/**
 * Accepts the run of a night, by the same rules as a submit. Repeating it gives the same run. A night that cannot be accepted is noted with the reason,
 * which is also given. Fails with `not_found` where the schedule was deleted.
 */
export function launchNight({
  results,
  schedules,
  marketData,
  limitsOf,
}: Pick<Ports, 'results' | 'marketData' | 'limitsOf'> & { schedules: Pick<Ports['schedules'], 'remove'> }) {
  return async ({ scheduleId, owner, nominalAt, launch }: NightInput): Promise<LaunchedNight> => {
    const schedule = await results.getSchedule(owner, scheduleId);
    if (schedule === null) {
      // One whose row went with all that its owner had would be due for ever.
      await schedules.remove(scheduleId);
      throw new HoldfastError('not_found', `The schedule ${scheduleId} was deleted.`);
    }
    const night = { launch, scheduleId, owner, nominalAt };
    const refuse = async (error: RunError): Promise<LaunchedNight> => {
      await results.refuseNight({ ...night, error });
      return { run: null, refused: error };
    };
    const block = (await results.listBlocks()).find(({ kind, name }) => name === (kind === 'owner' ? owner : schedule.spec.strategy.name));
    if (block) return refuse({ code: `${block.kind}_disabled`, message: `${ERRORS[`${block.kind}_disabled`].title}: ${block.reason}` });
    const found = await orRefusal(specOfNight(schedule, nominalAt, marketData.of(owner)));
    if ('refused' in found) return refuse(found.refused);
    const runId = uuidv5(new Date(nominalAt).toISOString(), scheduleId);
    const again = uuidv5(launch, scheduleId);
    const limits = limitsOf(await results.planOf(owner));
    const submitted = await results.submitNight<RunKind>({ ...night, ...found, limits, runId, again });
    if (submitted.outcome === 'over_quota') return refuse(overQuota(submitted));
    if (submitted.outcome === 'key_reused') throw new HoldfastError('internal', 'A night has no Idempotency-Key.');
    const run = submitted.run as AnyRunRow;
    const fetch = run.kind === 'sweep' ? backtestOf(run.spec) : run.spec;
    return { run: startOf(run), fetch, refused: null, before: await nightBefore(results, night, run) };
  };
}

function startOf(run: AnyRunRow): NightRun {
  const { id, owner } = run;
  if (run.kind === 'sweep') return { id, kind: run.kind, input: sweepInputOf(run) };
  return { id, kind: run.kind, input: { runId: id, owner, spec: run.spec, checkpoint: null } };
}

/** A night may go on where the one before it ended. */
async function nightBefore(
  results: Pick<Ports['results'], 'nights' | 'get'>,
  { owner, scheduleId, nominalAt }: NightInput,
  run: AnyRunRow,
): Promise<Extract<LaunchedNight, { refused: null }>['before']> {
  const [last] = await results.nights(owner, scheduleId, { until: nominalAt - 1, completed: true, limit: 1 });
  const before = last?.run ? await results.get(owner, last.run.id, last.run.kind) : null;
  if (before === null) return { runId: null, full: 'there is no night before' };
  const full = before.kind === run.kind ? differenceOfSpecs(before.spec, run.spec) : 'the schedule was changed since';
  return full === null ? { runId: before.id, full } : { runId: null, full };
}

/** What trying again cannot help is an answer; all else fails. */
async function orRefusal<Value>(work: Promise<Value>): Promise<Value | { refused: RunError }> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof HoldfastError) || ERRORS[error.code].retryable) throw error;
    return { refused: { code: error.code, message: error.message } };
  }
}

function overQuota({ limit, used, most }: OverQuota): RunError {
  return {
    code: 'over_quota',
    message: `The limit ${limit} is ${most}, of which ${used} are used: this night was not accepted. GET /v1/me shows all limits.`,
  };
}

/** What a schedule runs in one night: its window in absolute moments, its universe as it was then. */
async function specOfNight({ spec, name, timing }: ScheduleRow, nominalAt: number, marketData: MarketData) {
  const { from: _from, to: _to, ...data } = spec.data;
  const { window, faults: ofWindow } = await marketData.windowAt(spec.data, { nominalAt, timeZone: timing.timeZone });
  const due = new Date(nominalAt).toISOString();
  const dated = { ...spec, name: spec.name ?? `${name}, ${due.slice(0, 16).replace('T', ' ')}`, data: { ...data, ...window, asOf: due } };
  const resolved = { ...dated, data: (await marketData.withMembers(dated)).data };
  const checked = await marketData.check(resolved);
  const trials = isSweep(resolved) ? await trialsOf(resolved) : { count: 0, faults: [] };
  const faults = [...ofWindow, ...checked.faults, ...trials.faults];
  if (faults.length === 0) {
    if (isSweep(resolved)) return { kind: 'sweep' as const, spec: resolved, total: trials.count };
    return { kind: 'backtest' as const, spec: resolved, total: checked.bars };
  }
  throw new HoldfastError('invalid_spec', faults.map(({ path, message }) => `${path}: ${message}`).join('; '), { faults });
}

async function trialsOf(spec: SweepSpec): Promise<{ count: number; faults: readonly Fault[] }> {
  const { plan, faults } = readPlan(spec);
  return { count: plan === null ? 0 : await countTrials(plan, spec, setImmediate), faults };
}
