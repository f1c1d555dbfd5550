import { axesOf, sizeOf, type Axis } from '../../engine/search/axis.ts';
import { paramsAt, type Admits, type Points } from '../../engine/search/points.ts';
import { COUNTABLE, createSequence, type Sequence } from '../../engine/search/sequence.ts';
import { QUICK_FIGURES } from '../../engine/sweep/trial-figures.ts';
import { figureOfReturns } from '../../engine/validation/figure-of-returns.ts';
import type { Fault } from '../../shared/errors.ts';
import { METRICS, type MetricName } from '../../shared/metrics.ts';
import { MetricSpec } from '../../shared/spec.ts';
import type { Params } from '../../shared/strategy.ts';
import type { SweepSpec } from '../../shared/sweep-spec.ts';
import { constraintOf } from '../catalog.ts';
import { readFormula, type Formula } from './formula.ts';

/** What a sweep does, worked out from its spec: the same in every process. */
export interface SweepPlan {
  axes: readonly Axis[];
  /** Metrics that are computed of each trial. */
  figures: readonly MetricName[];
  objective: Formula;
  admits: Admits;
  /** Points in the order of a grid, else in random order: those of the trials, or what a search by TPE begins with. */
  sequence: () => Sequence;
}

const ALL_FIGURES = Object.keys(METRICS) as MetricName[];

/** What a plan follows from. */
export type PlanSpec = Pick<SweepSpec, 'space' | 'where' | 'search' | 'objective' | 'figures' | 'validation' | 'strategy' | 'seed'>;

/** Every fault at once, with paths from the spec's root. The parameters of the strategy are as resolved: those of the space are known to be its own. */
export function readPlan(spec: PlanSpec): { plan: SweepPlan | null; faults: Fault[] } {
  const { space, search, strategy, seed } = spec;
  const axes = axesOf(space);
  const { where, objective, faults: ofTerms } = readTerms(spec, [...Object.keys(strategy.params), ...Object.keys(space)]);
  const faults = [...ofTerms, ...gridFaults(axes, search.kind)];
  if (objective === null || faults.length > 0) return { plan: null, faults };
  const admits = admitsOf(spec, where);
  const order = search.kind === 'grid' ? 'grid' : 'random';
  const wanted = [...objective.names, ...spec.figures];
  const isQuick = wanted.every((name) => (QUICK_FIGURES as readonly string[]).includes(name));
  const sequence = lazily(() => createSequence({ axes, order, seed, admits }));
  return { plan: { axes, figures: isQuick ? QUICK_FIGURES : ALL_FIGURES, objective, admits, sequence }, faults: [] };
}

/** The terms of a sweep that can be read by themselves; what is left out is not looked at. `known` are the parameters that there are. */
export function readTerms(
  terms: { [Name in 'where' | 'objective' | 'validation']?: PlanSpec[Name] | undefined },
  known: readonly string[],
): { where: Formula | null; objective: Formula | null; faults: Fault[] } {
  const { validation, objective } = terms;
  const where = formulaOf(terms.where, [...new Set(known)], 'where');
  const metric = formulaOf(objective?.metric, ALL_FIGURES, 'objective.metric');
  const ofValidation = validation !== undefined && objective !== undefined ? validationFaults({ validation, objective }) : [];
  return { where: where.formula, objective: metric.formula, faults: [...where.faults, ...metric.faults, ...ofValidation] };
}

function formulaOf(text: string | undefined, known: readonly string[], path: string): ReturnType<typeof readFormula> {
  return text === undefined ? { formula: null, faults: [] } : readFormula(text, known, path);
}

/** As {@link readPlan}, of a spec that was accepted. */
export function planOf(spec: SweepSpec): SweepPlan {
  const { plan, faults } = readPlan(spec);
  if (plan === null) throw new Error(`an accepted sweep has faults: ${faults.map(({ message }) => message).join('; ')}`);
  return plan;
}

/** The metric that is the objective; null for a formula of several. */
export function objectiveMetric({ metric }: SweepSpec['objective']): MetricName | null {
  return ALL_FIGURES.find((name) => name === metric.trim()) ?? null;
}

/** The parameters of each point, those that do not differ included. */
export function trialParams({ strategy }: Pick<SweepSpec, 'strategy'>, { axes }: Pick<SweepPlan, 'axes'>, points: Points): Params[] {
  return Array.from({ length: points.count }, (_, row) => ({ ...strategy.params, ...paramsAt(axes, points, row) }));
}

/** The objective of each trial, NaN where it is undefined. */
export function objectivesOf(
  { objective }: Pick<SweepPlan, 'objective'>,
  columns: Partial<Record<MetricName, Float64Array>>,
): Float64Array {
  const names = objective.names as readonly MetricName[];
  const length = Object.values(columns)[0]?.length ?? 0;
  return Float64Array.from({ length }, (_, row) => {
    const value = objective.of(Object.fromEntries(names.map((name) => [name, columns[name]![row]!])));
    return typeof value === 'number' && Number.isFinite(value) ? value : NaN;
  });
}

function admitsOf({ strategy }: PlanSpec, where: Formula | null): Admits {
  const constraint = constraintOf(strategy.name);
  if (where === null && constraint === null) return () => true;
  return (point) => {
    const params = { ...strategy.params, ...point };
    return (where === null || where.of(params) === true) && (constraint === null || constraint(params));
  };
}

/** A window of bars is judged by its daily returns alone. */
function validationFaults({ validation: { kind }, objective }: Pick<PlanSpec, 'validation' | 'objective'>): Fault[] {
  if (kind !== 'holdout' && kind !== 'walk-forward') return [];
  const metric = objectiveMetric(objective);
  const conventions = { ...MetricSpec.parse({}), periodsPerYear: 252 };
  if (metric !== null && figureOfReturns(metric, conventions) !== null) return [];
  const known = ALL_FIGURES.filter((name) => figureOfReturns(name, conventions) !== null);
  return [{ path: 'validation.kind', message: `needs one of these as objective: ${known.join(', ')}` }];
}

function gridFaults(axes: readonly Axis[], kind: SweepSpec['search']['kind']): Fault[] {
  if (kind !== 'grid') return [];
  const continuous = axes.filter(({ count }) => count === Infinity);
  if (continuous.length > 0)
    return continuous.map(({ name }) => ({ path: `space.${name}`, message: 'has no end of values: give a step, or search at random' }));
  const size = sizeOf(axes);
  if (size <= COUNTABLE) return [];
  const said = `has ${size.toLocaleString('en-US')} points, and a grid may have ${COUNTABLE.toLocaleString('en-US')}`;
  return [{ path: 'space', message: `${said}: take larger steps, or search at random` }];
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}
