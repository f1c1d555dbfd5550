import type { DeployedModule, ModuleCatalog } from '../module-host/module-catalog.ts';
import type { Fault } from '../shared/errors.ts';
import type { StrategySpec } from '../shared/spec.ts';
import { ANY_SYMBOLS, paramsJsonSchema, type Params, type StrategyInfo } from '../shared/strategy.ts';
import { checkParams } from '../strategies/check-params.ts';
import { checkStrategy, isBuiltIn, strategyInfos } from '../strategies/catalog.ts';

/** What can be run by name: built-in strategies, and the modules that the operator has deployed. */
export interface StrategyCatalog {
  /** Modules come last; a broken one is listed with its error. */
  list(): Promise<StrategyInfo[]>;
  find(name: string): Promise<StrategyInfo | null>;
  /** Every fault at once, with paths from the spec's root. `params` has the defaults filled in where there is no fault. `columns`: of the data, beside prices and volume. */
  check(spec: StrategySpec, columns?: readonly string[]): Promise<{ params: Params; faults: Fault[] }>;
}

export function createStrategyCatalog(modules: ModuleCatalog): StrategyCatalog {
  const list = async (): Promise<StrategyInfo[]> => [...strategyInfos(), ...(await modules.list()).map(infoOf)];
  return {
    list,
    async find(name) {
      const builtIn = strategyInfos().find((info) => info.name === name);
      if (builtIn !== undefined) return builtIn;
      const module = await modules.find(name);
      return module && infoOf(module);
    },
    async check(spec, columns = []) {
      const module = isBuiltIn(spec.name) ? null : await modules.find(spec.name);
      if (module === null) return checkStrategy(spec, { alsoKnown: modules.names(), columns });
      if (module.error === null) return checkParams(module.about, spec.params);
      return {
        params: spec.params,
        faults: [{ path: 'strategy.name', message: `"${spec.name}" is a module that cannot be run: ${module.error}` }],
      };
    },
  };
}

const NAME_TAKEN = 'A built-in strategy has this name, and is what runs under it. Give the file another name.';

function infoOf({ name, error, about }: DeployedModule): StrategyInfo {
  const { title, description, params } = about ?? { title: name, description: '', params: {} };
  const schema = paramsJsonSchema(params);
  return { name, kind: 'module', title, description, params, symbols: ANY_SYMBOLS, schema, error: isBuiltIn(name) ? NAME_TAKEN : error };
}
