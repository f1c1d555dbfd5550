import type { FullRunRow } from '../results/runs.ts';
import { HoldfastError } from '../shared/errors.ts';
import { isTerminal, type TerminalStatus } from '../shared/names.ts';
import type { RunError } from '../shared/run.ts';
import { compareNights, type WholeNight } from './compare-nights.ts';
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
  /** How it went on where the night before ended, or why not. */
  continued: Pick<Continued, 'newBars' | 'full'>;
}

/** Nights that are looked through for the one before and for earlier runs of the same one. */
const LOOKED_AT = 50;

type NightPorts = Pick<Ports, 'results' | 'series'>;

/** Says how the run of a night ended, and keeps what is new in it. Repeating it keeps the same. */
export function endNight(ports: NightPorts) {
  const { results } = ports;
  return async (night: EndInput): Promise<EndedNight> => {
    const run = await results.get(night.owner, night.runId);
    if (run === null) throw new HoldfastError('not_found', `The run ${night.runId} was deleted before its night had ended.`);
    if (!isTerminal(run.status)) throw new HoldfastError('internal', `The run ${run.id} goes on: an operator has reset it.`);
    if (run.status === 'completed') await results.compareNight(night.launch, await comparisonOf(ports, night, run));
    return { status: run.status, error: run.status === 'failed' ? run.error : null };
  };
}

async function comparisonOf({ results, series }: NightPorts, night: EndInput, run: FullRunRow) {
  const { owner, scheduleId, nominalAt, launch, continued } = night;
  const completed = await results.nights(owner, scheduleId, { until: nominalAt, completed: true, limit: LOOKED_AT });
  const others = completed.filter((each) => each.launch !== launch);
  const whole = async (runId: string | null | undefined, at: number): Promise<WholeNight | null> => {
    const row = runId ? await results.get(owner, runId) : null;
    if (row === null || row.result === null) return null;
    return { nominalAt: at, runId: row.id, spec: row.spec, result: row.result, trades: await series.readTrades(row.result.trades) };
  };
  const same = others.find((each) => each.nominalAt === nominalAt);
  const before = others.find((each) => each.nominalAt < nominalAt);
  return compareNights({
    now: (await whole(run.id, nominalAt))!,
    same: await whole(same?.runId, nominalAt),
    before: await whole(before?.runId, before?.nominalAt ?? 0),
    continued: { newBars: continued.newBars, full: continued.full },
  });
}
