import * as z from 'zod';
import type { ScheduleRow } from '../results/schedules.ts';
import { HoldfastError, type Fault } from '../shared/errors.ts';
import { faultsOf } from '../shared/faults.ts';
import { ScheduleSpec } from '../shared/schedule.ts';
import { Timing, timingFaults } from '../shared/schedule-timing.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import type { SweepSpec } from '../shared/sweep-spec.ts';
import { runTitle } from '../shared/start.ts';
import { checkSpec, type CheckPorts } from './check-spec.ts';
import { checkSweep } from './check-sweep.ts';

type Checked = Pick<ScheduleRow, 'name' | 'spec' | 'timing' | 'beginsPaused'>;

/**
 * A schedule as a client wrote it, checked as if a night were due now. Its spec has every default filled in, but for the window, which stays as it was
 * written, and the symbols of a universe, which are those of each night. Fails with `invalid_spec`, naming every fault at once.
 */
export async function checkSchedule(input: unknown, ports: CheckPorts): Promise<Checked> {
  const parsed = ScheduleSpec.safeParse(input);
  const timing = Timing.safeParse(input).data;
  const checked = await checkTemplate(parsed.data?.spec ?? specIn(input), timing?.timeZone ?? 'UTC', ports);
  const faults = [...(parsed.error ? faultsOf(parsed.error) : []), ...(timing ? timingFaults(timing) : []), ...checked.faults];
  if (!parsed.success || checked.spec === null || faults.length > 0)
    throw new HoldfastError('invalid_spec', 'Correct what "errors" lists and send the schedule again.', { faults });
  const { name, paused, spec: _spec, ...others } = parsed.data;
  return { name: name ?? runTitle(checked.spec), spec: checked.spec, timing: others, beginsPaused: paused };
}

/** Null where there is none, which is a fault that the schema finds. */
function specIn(input: unknown): Record<string, unknown> | null {
  return z.object({ spec: z.record(z.string(), z.unknown()) }).safeParse(input).data?.spec ?? null;
}

/** Of data, what its window follows from; whatever else is wrong with it is found with the rest of the spec. */
const Data = z.looseObject({
  source: z.string(),
  symbols: z.array(z.string()).default([]),
  from: z.string().optional(),
  to: z.string().optional(),
  synthetic: z.any().optional(),
});

async function checkTemplate(
  written: Record<string, unknown> | null,
  timeZone: string,
  ports: CheckPorts,
): Promise<{ spec: BacktestSpec | SweepSpec | null; faults: Fault[] }> {
  if (written === null) return { spec: null, faults: [] };
  const data = Data.safeParse(written['data']).data;
  const now = data ? await ports.marketData.windowAt(data, { nominalAt: Date.now(), timeZone }) : { window: {}, faults: [] };
  const { from, to, ...others } = data ?? {};
  try {
    const check = 'space' in written ? checkSweep : checkSpec;
    const { spec } = await check(data ? { ...written, data: { ...others, ...now.window } } : written, ports);
    const template = { ...spec.data, symbols: data?.symbols ?? [], from, to };
    return { spec: { ...spec, data: defined(template) }, faults: now.faults.map(inSpec) };
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.faults.length === 0) throw error;
    return { spec: null, faults: [...now.faults, ...error.faults].map(inSpec) };
  }
}

/** As it was written: without the ends of a window that were left out. */
function defined<Data extends { from: string | undefined; to: string | undefined }>({ from, to, ...data }: Data) {
  return { ...data, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function inSpec(fault: Fault): Fault {
  return { ...fault, path: `spec.${fault.path}` };
}
