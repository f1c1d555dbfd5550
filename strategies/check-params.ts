import { HoldfastError, type Fault } from '../shared/errors.ts';
import { faultsOf } from '../shared/faults.ts';
import { nearestName } from '../shared/nearest-name.ts';
import { paramsSchema, type Params } from '../shared/strategy.ts';

/** What is known of a strategy's parameters. */
interface Declaration {
  params: Parameters<typeof paramsSchema>[0];
  /** Faults between parameters, each of which is good by itself. */
  check?(params: Params): Fault[];
}

/** Made once for a declaration: a sweep checks thousands of sets of parameters of one. */
const schemas = new WeakMap<object, ReturnType<typeof paramsSchema>>();

function schemaOf(params: Declaration['params']): ReturnType<typeof paramsSchema> {
  const schema = schemas.get(params) ?? paramsSchema(params);
  schemas.set(params, schema);
  return schema;
}

/** Every fault at once, with paths from the spec's root. `params` has the defaults filled in where there is no fault. */
export function checkParams(declared: Declaration, given: Params): { params: Params; faults: Fault[] } {
  const names = Object.keys(declared.params);
  const isKnown = ([name]: [string, unknown]) => names.includes(name);
  const unknown = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => ({ path: `strategy.params.${name}`, message: unknownName(name, names) }));
  const parsed = schemaOf(declared.params).safeParse(Object.fromEntries(Object.entries(given).filter(isKnown)));
  if (!parsed.success) return { params: given, faults: [...faultsOf(parsed.error, ['strategy', 'params']), ...unknown] };
  const params = parsed.data as Params;
  const between = (declared.check?.(params) ?? []).map(({ path, message }) => ({ path: `strategy.params.${path}`, message }));
  return { params, faults: [...between, ...unknown] };
}

/** As {@link checkParams}; throws `invalid_spec` with every fault. */
export function checkedParams(declared: Declaration, given: Params): Params {
  const { params, faults } = checkParams(declared, given);
  if (faults.length > 0) throw unfit(faults);
  return params;
}

export function unfit(faults: readonly Fault[]): HoldfastError {
  const list = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new HoldfastError('invalid_spec', `The strategy cannot run; correct ${list}`, { faults });
}

/** What to say of a name that is not among those known. */
export function unknownName(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  if (nearest !== null) return `"${name}" is not known; did you mean "${nearest}"?`;
  return known.length === 0 ? `"${name}" is not known: there are none` : `"${name}" is not known: there are ${known.join(', ')}`;
}
