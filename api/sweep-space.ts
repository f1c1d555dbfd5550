import type { Fault } from '../shared/errors.ts';
import type { StrategySpec } from '../shared/spec.ts';
import type { Params, ParamSpec } from '../shared/strategy.ts';
import type { Dimension, Space } from '../shared/sweep-spec.ts';
import { unknownName } from '../strategies/check-params.ts';
import type { StrategyCatalog } from './strategy-catalog.ts';

/** The parameters that a strategy takes. */
interface Declared {
  params: Readonly<Record<string, Omit<ParamSpec, 'default'>>>;
  defaults: Params;
}

/** Null for a strategy that is not known. */
export async function declaredParams(strategy: StrategySpec, strategies: Pick<StrategyCatalog, 'find'>): Promise<Declared | null> {
  const params = strategy.rules?.params ?? (await strategies.find(strategy.name))?.params;
  if (params === undefined) return null;
  const defaults = Object.entries(params).flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value] as const]));
  return { params: params as Declared['params'], defaults: Object.fromEntries(defaults) };
}

/** The space with the steps of whole numbers filled in; every fault at once: names and values that the strategy does not take. */
export function resolveSpace(space: Space, declared: Declared | null): { space: Space; faults: Fault[] } {
  if (declared === null) return { space, faults: [] };
  const faults: Fault[] = [];
  const resolved = Object.entries(space).map(([name, dimension]): [string, Dimension] => {
    const path = `space.${name}`;
    const param = Object.hasOwn(declared.params, name) ? (declared.params[name] as ParamSpec) : undefined;
    if (param === undefined) {
      faults.push({ path, message: unknownName(name, Object.keys(declared.params)) });
      return [name, dimension];
    }
    faults.push(...faultsIn(dimension, param).map(([at, message]) => ({ path: `${path}.${at}`, message })));
    const isWhole = param.type === 'integer' && 'min' in dimension && dimension.step === undefined;
    return [name, isWhole ? { ...dimension, step: 1 } : dimension];
  });
  return { space: Object.fromEntries(resolved), faults };
}

/** Some value of each parameter: the first one. */
export function firstValues(space: Space): Params {
  return Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => [name, 'values' in dimension ? dimension.values[0]! : dimension.min]),
  );
}

/** What of a dimension the parameter does not take: where, and what is said of it. */
function faultsIn(dimension: Dimension, param: ParamSpec): [string, string][] {
  if ('values' in dimension) return dimension.values.flatMap((value, k) => said(`values.${k}`, faultOf(value, param)));
  if (param.type === 'choice') return [['min', `is a range, and the parameter is one of ${param.values.join(', ')}: list values`]];
  return [
    ...said('min', faultOf(dimension.min, param)),
    ...said('max', faultOf(param.type === 'integer' ? Math.floor(dimension.max) : dimension.max, param)),
    ...(param.type === 'integer' && dimension.step !== undefined && !Number.isInteger(dimension.step)
      ? said('step', 'must be a whole number')
      : []),
  ];
}

function said(at: string, fault: string | null): [string, string][] {
  return fault === null ? [] : [[at, fault]];
}

function faultOf(value: number | string, param: ParamSpec): string | null {
  if (param.type === 'choice')
    return param.values.includes(String(value)) && typeof value === 'string' ? null : `must be one of ${param.values.join(', ')}`;
  if (typeof value !== 'number' || value < param.min || value > param.max) return `must be a number from ${param.min} to ${param.max}`;
  return param.type === 'integer' && !Number.isInteger(value) ? 'must be a whole number' : null;
}
