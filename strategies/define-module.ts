import type { ParamSpecs, Params } from '../shared/strategy.ts';
import type { ParamsOf } from './definition.ts';
import type { IndicatorUse, ModuleContext } from './module-indicators.ts';

interface Definition<Values, State> {
  /** What people see in lists. */
  title: string;
  description: string;
  /** What a spec may set in `strategy.params`; checked before a run is accepted. */
  params: ParamSpecs;
  /** What `context.indicator` shows, each under a name of its own. */
  indicators?(params: Values): Readonly<Record<string, IndicatorUse>>;
  /** Bars to let pass before the first call of `next`; without it there are none. */
  warmUp?(params: Values): number;
  /**
   * What the strategy remembers between bars, as it is before the first call of `next`: one plain object of numbers, strings, booleans, nulls,
   * arrays and further plain objects. It is stored with every checkpoint; nothing that is kept outside of it survives one.
   */
  init(context: ModuleContext, params: Values): State;
  /** Called at the close of each bar, with all that is known then and nothing later. Changes `state` in place, and gives orders to `context`. */
  next(context: ModuleContext, state: State, params: Values): void;
}

/** A strategy as a module: full control of orders, in TypeScript. Its name is that of its file. */
export type StrategyModule = Definition<Params, object>;

/** Lets `init` and `next` see each parameter, and the state, with its type. */
export function defineModule<const Specs extends ParamSpecs, State extends object>(
  definition: Definition<ParamsOf<Specs>, State> & { params: Specs },
): StrategyModule {
  // Who calls it has checked the parameters, and hands over as state only what `init` returned.
  return definition as unknown as StrategyModule;
}
