import type { Decider } from '../engine/run-simulation.ts';
import type { Strategy } from '../engine/strategy.ts';
import type { ZoneOffsets } from '../engine/timeframes/local-time.ts';
import type { Trader } from '../engine/trader.ts';
import type { Bars } from '../shared/bars.ts';
import type { Fault } from '../shared/errors.ts';
import type { ParamSpec, ParamSpecs, Params, SymbolCount } from '../shared/strategy.ts';

type ValueOf<Spec extends ParamSpec> = Spec extends { type: 'choice'; values: readonly (infer Value)[] } ? Value : number;
/** The values of parameters, each with the type that its declaration gives it. */
export type ParamsOf<Specs extends ParamSpecs> = { readonly [Name in keyof Specs]: ValueOf<Specs[Name]> };

interface About<Values> {
  name: string;
  title: string;
  description: string;
  params: ParamSpecs;
  /** Faults between parameters, each of which is good by itself; paths are names of parameters. */
  check?(params: Values): Fault[];
}

interface Signals<Values> extends About<Values> {
  /** Computes the indicators. The parameters were checked. */
  prepare(params: Values, bars: Bars): Strategy;
}

/** What a portfolio is made of. */
export interface PortfolioData {
  /** Of all symbols of the run, also of those that only give a rate. */
  bars: readonly Bars[];
  /** Which of them are traded: places in `bars`, in order. */
  traded: readonly number[];
  /** Times of each symbol's bars, those to come too where `bars` end early: calendars are published ahead. */
  calendar: readonly Float64Array[];
  zone: ZoneOffsets | undefined;
}

interface Portfolio<Values> extends About<Values> {
  /** How many symbols can be traded. */
  symbols: SymbolCount;
  /** Faults of parameters that do not go with so many traded symbols; paths are names of parameters. */
  checkSymbols?(params: Values, count: number): Fault[];
  /** Computes the indicators. Parameters and number of symbols were checked. */
  trade(params: Values, data: PortfolioData): Extract<Decider, { trader: Trader }>;
}

/** Trades each symbol by itself, as its signals say. */
export type SignalStrategy = Signals<Params>;
/** Trades all symbols together. */
export type PortfolioStrategy = Portfolio<Params>;
/** A named strategy: what it is called, what it can be told, and how it trades. */
export type StrategyDefinition = SignalStrategy | PortfolioStrategy;

/** Lets `check` and `prepare` see each parameter with the type that its declaration gives it. */
export function defineStrategy<const Specs extends ParamSpecs>(definition: Signals<ParamsOf<Specs>> & { params: Specs }): SignalStrategy {
  // The catalog hands over only what the schema of `params` has let through.
  return definition as unknown as SignalStrategy;
}

/** As {@link defineStrategy}, of a strategy that trades all symbols together. */
export function definePortfolio<const Specs extends ParamSpecs>(
  definition: Portfolio<ParamsOf<Specs>> & { params: Specs },
): PortfolioStrategy {
  return definition as unknown as PortfolioStrategy;
}
