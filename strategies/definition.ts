import type { Strategy } from '../engine/strategy.ts';
import type { Bars } from '../shared/bars.ts';
import type { Fault } from '../shared/errors.ts';
import type { ParamSpec, ParamSpecs, Params } from '../shared/strategy.ts';

type ValueOf<Spec extends ParamSpec> = Spec extends { type: 'choice'; values: readonly (infer Value)[] } ? Value : number;
/** The values of parameters, each with the type that its declaration gives it. */
export type ParamsOf<Specs extends ParamSpecs> = { readonly [Name in keyof Specs]: ValueOf<Specs[Name]> };

interface Definition<Values> {
  name: string;
  title: string;
  description: string;
  params: ParamSpecs;
  /** Faults between parameters, each of which is good by itself; paths are names of parameters. */
  check?(params: Values): Fault[];
  /** Computes the indicators. The parameters were checked. */
  prepare(params: Values, bars: Bars): Strategy;
}

/** A named strategy: what it is called, what it can be told, and how it trades. */
export type StrategyDefinition = Definition<Params>;

/** Lets `check` and `prepare` see each parameter with the type that its declaration gives it. */
export function defineStrategy<const Specs extends ParamSpecs>(
  definition: Definition<ParamsOf<Specs>> & { params: Specs },
): StrategyDefinition {
  // The catalog hands over only what the schema of `params` has let through.
  return definition as unknown as StrategyDefinition;
}
