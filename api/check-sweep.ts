import { setImmediate } from 'node:timers/promises';
import type { Fault } from '../shared/errors.ts';
import { faultsOf } from '../shared/faults.ts';
import { StrategySpec } from '../shared/spec.ts';
import type { Params } from '../shared/strategy.ts';
import { Space, SweepSpec } from '../shared/sweep-spec.ts';
import { countTrials } from '../strategies/sweep/count-trials.ts';
import { readPlan, readTerms, trialParams, type PlanSpec, type SweepPlan } from '../strategies/sweep/plan.ts';
import { faultsOrSpec, invalidSpec, type CheckPorts, type CheckedSpec } from './check-spec.ts';
import { declaredParams, firstValues, resolveSpace } from './sweep-space.ts';

export interface CheckedSweep extends CheckedSpec {
  spec: SweepSpec;
  /** Trials that it will have. */
  trials: number;
}

/** What a sweep has beside a backtest. */
const SweepFields = SweepSpec.pick({
  validation: true,
  space: true,
  where: true,
  search: true,
  objective: true,
  figures: true,
  budget: true,
  priority: true,
});

/**
 * A sweep as a client wrote it, checked against its schema, its strategy and its data, and its trials counted. Fails with `invalid_spec`, naming every fault at once.
 */
export async function checkSweep(input: unknown, ports: CheckPorts): Promise<CheckedSweep> {
  const { own, base } = parted(input);
  const { fields, space, planned, faults } = await readFields(own, base, ports);
  const point = planned?.first ?? firstValues(space);
  const checked = await faultsOrSpec(withParams(base, point), ports);
  if ('faults' in checked) {
    // Which values go together is up to "where", and each value of the space was looked at by itself.
    const isSaid = ({ path }: Fault): boolean => planned?.first === undefined && isOfSpace(path, space);
    throw invalidSpec('The sweep', [...faults, ...checked.faults.filter((fault) => !isSaid(fault))]);
  }
  if (faults.length > 0 || fields === undefined || !planned?.plan) throw invalidSpec('The sweep', faults);
  const { params, ...rest } = checked.spec.strategy;
  const fixed = Object.fromEntries(Object.entries(params).filter(([name]) => !Object.hasOwn(space, name)));
  const spec = SweepSpec.parse({ ...checked.spec, ...fields, space, strategy: { ...rest, params: fixed } });
  return { spec, bars: checked.bars, trials: await countTrials(planned.plan, spec, setImmediate) };
}

type Fields = Record<string, unknown>;

/** What of a sweep can be checked without its bars. */
async function readFields(own: Fields, base: Fields, { strategies }: CheckPorts) {
  const { data: fields, error } = SweepFields.safeParse(own);
  const strategy = StrategySpec.safeParse(base['strategy']).data;
  const declared = strategy ? await declaredParams(strategy, strategies) : null;
  const { space, faults } = resolveSpace(Space.safeParse(own['space']).data ?? {}, declared);
  const seed = SweepSpec.shape.seed.catch(0).parse(base['seed']);
  if (error) faults.push(...faultsOf(error));
  const isSound = fields !== undefined && faults.length === 0;
  const named = namedStrategy(strategy, declared);
  const planned = isSound && named ? await planFor({ ...fields, space, strategy: named, seed }) : null;
  faults.push(...(planned?.faults ?? termFaults(own, declared && { ...declared.params, ...space })));
  if ('benchmark' in base) faults.push({ path: 'benchmark', message: 'a sweep compares with none: run the best trials in full' });
  return { fields, space, planned, faults };
}

/** With every parameter; null where nobody knows it. */
function namedStrategy(strategy: StrategySpec | undefined, declared: Awaited<ReturnType<typeof declaredParams>>): StrategySpec | null {
  if (strategy === undefined || declared === null) return null;
  return { ...strategy, params: { ...declared.defaults, ...strategy.params } };
}

/** What is wrong with the terms of a sweep whose space or strategy has faults; a condition between parameters that are not known is left alone. */
function termFaults(own: Fields, params: object | null): Fault[] {
  const { where, objective, validation } = SweepFields.shape;
  const sound = {
    where: params === null ? undefined : where.safeParse(own['where']).data,
    objective: objective.safeParse(own['objective']).data,
    validation: validation.safeParse(own['validation']).data,
  };
  return readTerms(sound, Object.keys(params ?? {})).faults;
}

interface Planned {
  plan: SweepPlan | null;
  /** Parameters of the first trial. */
  first?: Params;
  faults: Fault[];
}

async function planFor(spec: PlanSpec): Promise<Planned> {
  const { plan, faults } = readPlan(spec);
  if (plan === null) return { plan, faults };
  const one = { search: { kind: 'random' as const, trials: 1 }, budget: {} };
  if ((await countTrials(plan, one, setImmediate)) === 0) {
    const path = spec.where === undefined ? 'space' : 'where';
    return { plan: null, faults: [{ path, message: 'lets no point of the space through that the strategy takes' }] };
  }
  return { plan, first: trialParams(spec, plan, plan.sequence().points(0, 1))[0]!, faults };
}

function parted(input: unknown): { own: Record<string, unknown>; base: Record<string, unknown> } {
  const whole = typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {};
  const isOwn = ([name]: [string, unknown]) => name in SweepFields.shape;
  const entries = Object.entries(whole);
  return { own: Object.fromEntries(entries.filter(isOwn)), base: Object.fromEntries(entries.filter((entry) => !isOwn(entry))) };
}

function withParams(base: Record<string, unknown>, point: Params): unknown {
  const { strategy, benchmark: _, ...rest } = base;
  if (typeof strategy !== 'object' || strategy === null) return { ...rest, strategy };
  const { params } = strategy as { params?: unknown };
  if (params !== undefined && (typeof params !== 'object' || params === null)) return { ...rest, strategy };
  return { ...rest, strategy: { ...strategy, params: { ...params, ...point } } };
}

function isOfSpace(path: string, space: Space): boolean {
  return Object.keys(space).some((name) => path === `strategy.params.${name}`);
}
