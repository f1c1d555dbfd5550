import type { Decider } from '../../engine/run-simulation.ts';
import type { RuleFault, Rules } from '../../shared/rules.ts';
import type { Params } from '../../shared/strategy.ts';
import { checkParams, unfit } from '../check-params.ts';
import { dependsOnPosition } from './check-held.ts';
import { columnNames } from './columns.ts';
import { createEntryTrader } from './entry-trader.ts';
import { namedIndicators } from './named-indicators.ts';
import { readRules, type Program } from './program.ts';
import { prepareSignals } from './signals.ts';
import type { TradedBars } from './traded-bars.ts';
import { createWeightTrader } from './weight-trader.ts';

/** Rules with values for their parameters, as a spec has them. */
export interface RulesWithParams {
  readonly rules: Rules;
  readonly params: Params;
}

export interface RulesCheck {
  /** With the defaults filled in where there is no fault. */
  params: Params;
  /** The program with these parameters; null where there are faults. */
  program: Program | null;
  faults: RuleFault[];
  warnings: RuleFault[];
}

/** Checks parameters and expressions: every fault at once, with paths from the spec's root. `columns`: what the data have, if not only prices and volume. */
export function checkRules({ rules, params: given }: RulesWithParams, columns?: readonly string[]): RulesCheck {
  const { params, faults } = checkParams({ params: rules.params }, given);
  const checked = readRules(rules).check({ ...defaultsOf(rules), ...params }, columns);
  return {
    params,
    program: faults.length > 0 ? null : checked.program,
    faults: [...faults, ...checked.faults],
    warnings: checked.warnings,
  };
}

/** Where some parameters are at fault, the expressions are still checked with the others. */
function defaultsOf({ params }: Rules): Params {
  const entries = Object.entries(params).flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value] as const]));
  return Object.fromEntries(entries);
}

/** What decides in a run of these rules: signals where they say no more than that, else a trader. Throws `invalid_spec` with every fault. */
export function prepareRules(spec: RulesWithParams, market: TradedBars): Decider {
  const { bars } = market;
  const { program, faults } = checkRules(spec, columnNames(bars));
  if (program === null) throw unfit(faults);
  return {
    ...decidedBy(program, market),
    get indicators() {
      return namedIndicators(program, bars);
    },
  };
}

/** As {@link prepareRules} for many sets of parameters, which the caller has checked: the expressions are read once. */
export function prepareRulesOften(rules: Rules, market: TradedBars): (params: Params) => Decider {
  const checker = readRules(rules);
  const columns = columnNames(market.bars);
  const defaults = defaultsOf(rules);
  return (params) => {
    const { program, faults } = checker.check({ ...defaults, ...params }, columns);
    if (program === null) throw unfit(faults);
    return decidedBy(program, market);
  };
}

function decidedBy(program: Program, market: TradedBars): Decider {
  const { bars, traded } = market;
  if (program.numbers.weight !== undefined) return { trader: createWeightTrader(program, market) };
  if (hasSignalsOnly(program))
    return { signals: prepareSignals(program, bars).map((strategy, place) => (traded.includes(place) ? strategy : null)) };
  return { trader: createEntryTrader(program, market) };
}

/** True where everything that the program says can be said in signals: no brackets, sizes, prices, weights or tags, and nothing of what is held. */
function hasSignalsOnly(program: Program): boolean {
  return Object.keys(program.numbers).length === 0 && program.tag === null && !dependsOnPosition(program);
}
