import type { Decider, RunInput } from '../engine/run-simulation.ts';
import type { Strategy } from '../engine/strategy.ts';
import { PRICE_COLUMNS, type Bars } from '../shared/bars.ts';
import type { Fault } from '../shared/errors.ts';
import { RULES, type StrategySpec } from '../shared/spec.ts';
import { ANY_SYMBOLS, paramsJsonSchema, type Params, type StrategyInfo, type SymbolCount } from '../shared/strategy.ts';
import { bollinger } from './built-in/bollinger.ts';
import { buyAndHold } from './built-in/buy-and-hold.ts';
import { dollarCostAveraging } from './built-in/dollar-cost-averaging.ts';
import { donchianBreakout } from './built-in/donchian-breakout.ts';
import { emaCross } from './built-in/ema-cross.ts';
import { equalWeight } from './built-in/equal-weight.ts';
import { inverseVolatility } from './built-in/inverse-volatility.ts';
import { macd } from './built-in/macd.ts';
import { momentumRotation } from './built-in/momentum-rotation.ts';
import { pairsZscore } from './built-in/pairs-zscore.ts';
import { rsiReversion } from './built-in/rsi-reversion.ts';
import { smaCross } from './built-in/sma-cross.ts';
import { syntheticLoad } from './built-in/synthetic-load.ts';
import { checkParams, unfit, unknownName } from './check-params.ts';
import type { StrategyDefinition } from './definition.ts';
import { checkRules, prepareRules } from './rules/rules-strategy.ts';

const DEFINITIONS = new Map<string, StrategyDefinition>(
  [
    smaCross,
    emaCross,
    macd,
    rsiReversion,
    bollinger,
    donchianBreakout,
    buyAndHold,
    dollarCostAveraging,
    equalWeight,
    inverseVolatility,
    momentumRotation,
    pairsZscore,
    syntheticLoad,
  ].map((definition) => [definition.name, definition]),
);

/** Which built-in strategies are made of others. */
const MADE_OF: Readonly<Record<string, readonly string[]>> = {
  'synthetic-load': ['sma-cross'],
  'dollar-cost-averaging': ['rebalancing'],
  'equal-weight': ['rebalancing'],
  'inverse-volatility': ['rebalancing'],
  'momentum-rotation': ['rebalancing'],
  'pairs-zscore': ['pair-spread', 'rebalancing'],
};

/** The built-in strategies with their parameters, for people and for forms. */
export function strategyInfos(): StrategyInfo[] {
  return [...DEFINITIONS.values()].map((definition) => ({
    name: definition.name,
    kind: 'built-in',
    title: definition.title,
    description: definition.description,
    params: definition.params,
    symbols: symbolsOf(definition),
    error: null,
    schema: paramsJsonSchema(definition.params),
  }));
}

function symbolsOf(definition: StrategyDefinition): SymbolCount {
  return 'trade' in definition ? definition.symbols : ANY_SYMBOLS;
}

/** True for the name of a built-in strategy and for that of inline rules; a module cannot have it. */
export function isBuiltIn(name: string): boolean {
  return name === RULES || DEFINITIONS.has(name);
}

/**
 * Checks name and parameters; every fault at once, with paths from the spec's root. `params` has the defaults filled in where there is no fault.
 * `alsoKnown` are further names that might have been meant, `columns` what the data have beside prices and volume.
 */
export function checkStrategy(
  spec: StrategySpec,
  { alsoKnown = [], columns = [] }: { alsoKnown?: readonly string[]; columns?: readonly string[] } = {},
): { params: Params; faults: Fault[] } {
  const { rules, params } = spec;
  if (rules !== undefined) return checkRules({ rules, params }, [...PRICE_COLUMNS, ...columns]);
  const definition = DEFINITIONS.get(spec.name);
  if (definition === undefined) {
    return {
      params: spec.params,
      faults: [{ path: 'strategy.name', message: unknownName(spec.name, [...DEFINITIONS.keys(), ...alsoKnown]) }],
    };
  }
  return checkParams(definition, spec.params);
}

/** Symbols of a run and how they are traded: `data` of a spec has them. */
interface Symbols {
  symbols: readonly string[];
  instruments?: RunInput['instruments'];
}

/** Whether the strategy can trade these symbols: every fault at once, with paths from the spec's root. None for a strategy that is not built in. */
export function checkSymbols(spec: StrategySpec, { symbols, instruments }: Symbols): Fault[] {
  const definition = DEFINITIONS.get(spec.name);
  if (definition === undefined) return [];
  const count = symbols.filter((symbol) => instruments?.[symbol]?.tradable !== false).length;
  const { min, max } = symbolsOf(definition);
  if (count < min || count > (max ?? Infinity)) {
    const wanted = max === min ? `exactly ${min}` : max === null ? `at least ${min}` : `${min} to ${max}`;
    return [{ path: 'data.symbols', message: `must name ${wanted} that can be traded for ${spec.name}, but ${count} of them can` }];
  }
  const { params, faults } = checkStrategy(spec);
  if (faults.length > 0 || !('trade' in definition)) return [];
  return (definition.checkSymbols?.(params, count) ?? []).map(({ path, message }) => ({ path: `strategy.params.${path}`, message }));
}

/** The strategy on these bars, its indicators computed. Throws `invalid_spec` with every fault, and for a strategy that trades several symbols together. */
export function prepareStrategy(spec: StrategySpec, bars: Bars): Strategy {
  const { definition, params } = checked(spec);
  if ('prepare' in definition) return definition.prepare(params, bars);
  throw unfit([{ path: 'strategy.name', message: `"${spec.name}" trades several symbols together and has no signals of one` }]);
}

/** What of a run its strategy has to know beside the bars. */
export interface Surroundings extends Pick<RunInput, 'instruments' | 'zone'> {
  /** Times of each symbol's bars; without it those that there are. An audit on fewer bars gives all of them: they tell no price. */
  calendar?: readonly Float64Array[] | undefined;
}

/**
 * What decides in a run on these symbols: the strategy on each by itself, or one that trades them together. Throws as {@link prepareStrategy} does,
 * also for symbols that the strategy cannot trade.
 */
export function prepareDecider(spec: StrategySpec, bars: readonly Bars[], surroundings: Surroundings = {}): Decider {
  const { instruments, zone, calendar = bars.map(({ ts }) => ts) } = surroundings;
  const traded = [...bars.keys()].filter((index) => instruments?.[bars[index]!.symbol]?.tradable !== false);
  if (spec.rules !== undefined) return prepareRules({ rules: spec.rules, params: spec.params }, { bars, traded, calendar, zone });
  const { definition, params } = checked(spec);
  const faults = checkSymbols(spec, { symbols: bars.map(({ symbol }) => symbol), instruments });
  if (faults.length > 0) throw unfit(faults);
  if ('trade' in definition) return definition.trade(params, { bars, traded, calendar, zone });
  return { signals: bars.map((each, index) => (traded.includes(index) ? definition.prepare(params, each) : null)) };
}

/** Whether parameters of a built-in strategy, each of which is good by itself, go together; null where any do, and for a module, which says so itself. */
export function constraintOf(name: string): ((params: Params) => boolean) | null {
  const definition = DEFINITIONS.get(name);
  return definition?.check === undefined ? null : (params) => definition.check!(params).length === 0;
}

function checked(spec: StrategySpec): { definition: StrategyDefinition; params: Params } {
  const { params, faults } = checkStrategy(spec);
  const definition = DEFINITIONS.get(spec.name);
  if (definition === undefined || faults.length > 0) throw unfit(faults);
  return { definition, params };
}

/** The rules language, of `strategies/rules/`. */
const LANGUAGE = [
  'bar-values',
  'blocks',
  'check-held',
  'columns',
  'compare',
  'compare-kernel',
  'definitions',
  'expression',
  'fields',
  'functions',
  'graph',
  'held-values',
  'lower',
  'maths',
  'meaning',
  'parse',
  'parts',
  'program',
  'rank',
  'signals',
  'spanned-parser',
  'staged-columns',
  'steps',
];
/** What inline rules have beside it. */
const INLINE = ['entry-order', 'entry-trader', 'named-indicators', 'rules-strategy', 'traded-bars', 'weight-trader'];

/** Built-in strategies that are written in the rules language. */
const IN_RULES: readonly string[] = ['bollinger', 'donchian-breakout', 'ema-cross', 'macd', 'sma-cross', 'synthetic-load'];

/** Source files below this folder, as paths from the project's root, whose text decides how the strategy trades. */
export function strategyFiles(name: string): string[] {
  const language = (parts: readonly string[]) => ['strategies/check-params.ts', ...parts.map((part) => `strategies/rules/${part}.ts`)];
  if (name === RULES) return language([...LANGUAGE, ...INLINE]).sort();
  const own = [name, ...(MADE_OF[name] ?? [])].map((part) => `strategies/built-in/${part}.ts`);
  return ['strategies/definition.ts', ...own, ...(IN_RULES.includes(name) ? language([...LANGUAGE, 'define-rules']) : [])].sort();
}
