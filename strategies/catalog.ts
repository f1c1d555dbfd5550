import type { Decider } from '../engine/run-simulation.ts';
import type { Strategy } from '../engine/strategy.ts';
import type { Bars } from '../shared/bars.ts';
import { HoldfastError, type Fault } from '../shared/errors.ts';
import { faultsOf } from '../shared/faults.ts';
import { nearestName } from '../shared/nearest-name.ts';
import type { StrategySpec } from '../shared/spec.ts';
import { paramsJsonSchema, paramsSchema, type Params, type StrategyInfo } from '../shared/strategy.ts';
import { buyAndHold } from './built-in/buy-and-hold.ts';
import { rsiReversion } from './built-in/rsi-reversion.ts';
import { smaCross } from './built-in/sma-cross.ts';
import { syntheticLoad } from './built-in/synthetic-load.ts';
import type { StrategyDefinition } from './definition.ts';

const DEFINITIONS = new Map([smaCross, buyAndHold, rsiReversion, syntheticLoad].map((definition) => [definition.name, definition]));

/** Which built-in strategies are made of others. */
const MADE_OF: Readonly<Record<string, readonly string[]>> = { 'synthetic-load': ['sma-cross'] };

/** The named strategies with their parameters, for people and for forms. */
export function strategyInfos(): StrategyInfo[] {
  return [...DEFINITIONS.values()].map(({ name, title, description, params }) => ({
    name,
    title,
    description,
    params,
    schema: paramsJsonSchema(params),
  }));
}

/** Checks name and parameters; every fault at once, with paths from the spec's root. `params` has the defaults filled in where there is no fault. */
export function checkStrategy(spec: StrategySpec): { params: Params; faults: Fault[] } {
  const definition = DEFINITIONS.get(spec.name);
  if (definition === undefined) {
    return { params: spec.params, faults: [{ path: 'strategy.name', message: unknownName(spec.name, [...DEFINITIONS.keys()]) }] };
  }
  return checkParams(definition, spec.params);
}

function checkParams(definition: StrategyDefinition, given: Params): { params: Params; faults: Fault[] } {
  const names = Object.keys(definition.params);
  const isKnown = ([name]: [string, unknown]) => names.includes(name);
  const unknown = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => ({ path: `strategy.params.${name}`, message: unknownName(name, names) }));
  const parsed = paramsSchema(definition.params).safeParse(Object.fromEntries(Object.entries(given).filter(isKnown)));
  if (!parsed.success) return { params: given, faults: [...faultsOf(parsed.error, ['strategy', 'params']), ...unknown] };
  const params = parsed.data as Params;
  const between = (definition.check?.(params) ?? []).map(({ path, message }) => ({ path: `strategy.params.${path}`, message }));
  return { params, faults: [...between, ...unknown] };
}

function unknownName(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  if (nearest !== null) return `"${name}" is not known; did you mean "${nearest}"?`;
  return known.length === 0 ? `"${name}" is not known: there are none` : `"${name}" is not known: there are ${known.join(', ')}`;
}

/** The strategy on these bars, its indicators computed. Throws `invalid_spec` with every fault. */
export function prepareStrategy(spec: StrategySpec, bars: Bars): Strategy {
  const { params, faults } = checkStrategy(spec);
  const definition = DEFINITIONS.get(spec.name);
  if (definition === undefined || faults.length > 0) {
    const list = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
    throw new HoldfastError('invalid_spec', `The strategy cannot run; correct ${list}`, { faults });
  }
  return definition.prepare(params, bars);
}

/** What decides in a run on these symbols: the strategy on each by itself. Throws as {@link prepareStrategy} does. */
export function prepareDecider(spec: StrategySpec, bars: readonly Bars[]): Decider {
  return { signals: bars.map((each) => prepareStrategy(spec, each)) };
}

/** Source files below this folder, as paths from the project's root, whose text decides how the strategy trades. */
export function strategyFiles(name: string): string[] {
  return ['strategies/definition.ts', ...[name, ...(MADE_OF[name] ?? [])].map((part) => `strategies/built-in/${part}.ts`)].sort();
}
