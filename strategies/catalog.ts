import type { Decider } from '../engine/run-simulation.ts';
import type { Strategy } from '../engine/strategy.ts';
import type { Bars } from '../shared/bars.ts';
import type { Fault } from '../shared/errors.ts';
import type { StrategySpec } from '../shared/spec.ts';
import { paramsJsonSchema, type Params, type StrategyInfo } from '../shared/strategy.ts';
import { buyAndHold } from './built-in/buy-and-hold.ts';
import { rsiReversion } from './built-in/rsi-reversion.ts';
import { smaCross } from './built-in/sma-cross.ts';
import { syntheticLoad } from './built-in/synthetic-load.ts';
import { checkParams, unfit, unknownName } from './check-params.ts';

const DEFINITIONS = new Map([smaCross, buyAndHold, rsiReversion, syntheticLoad].map((definition) => [definition.name, definition]));

/** Which built-in strategies are made of others. */
const MADE_OF: Readonly<Record<string, readonly string[]>> = { 'synthetic-load': ['sma-cross'] };

/** The built-in strategies with their parameters, for people and for forms. */
export function strategyInfos(): StrategyInfo[] {
  return [...DEFINITIONS.values()].map(({ name, title, description, params }) => ({
    name,
    kind: 'built-in',
    title,
    description,
    params,
    error: null,
    schema: paramsJsonSchema(params),
  }));
}

/** True for the name of a built-in strategy; a module cannot have it. */
export function isBuiltIn(name: string): boolean {
  return DEFINITIONS.has(name);
}

/**
 * Checks name and parameters; every fault at once, with paths from the spec's root. `params` has the defaults filled in where there is no fault.
 * `alsoKnown` are further names that might have been meant.
 */
export function checkStrategy(spec: StrategySpec, alsoKnown: readonly string[] = []): { params: Params; faults: Fault[] } {
  const definition = DEFINITIONS.get(spec.name);
  if (definition === undefined) {
    return {
      params: spec.params,
      faults: [{ path: 'strategy.name', message: unknownName(spec.name, [...DEFINITIONS.keys(), ...alsoKnown]) }],
    };
  }
  return checkParams(definition, spec.params);
}

/** The strategy on these bars, its indicators computed. Throws `invalid_spec` with every fault. */
export function prepareStrategy(spec: StrategySpec, bars: Bars): Strategy {
  const { params, faults } = checkStrategy(spec);
  const definition = DEFINITIONS.get(spec.name);
  if (definition === undefined || faults.length > 0) throw unfit(faults);
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
