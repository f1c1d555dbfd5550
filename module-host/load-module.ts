import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { faultsOf } from '../shared/faults.ts';
import { ParamSpec, paramsSchema } from '../shared/strategy.ts';
import type { StrategyModule } from '../strategies/define-module.ts';

const plainFunction = z.custom(
  (value) => typeof value === 'function' && value.constructor.name === 'Function',
  'must be a function that is not async',
);

const Exports = z.object({
  strategy: z.object(
    {
      title: z.string().min(1).max(200),
      description: z.string().max(2_000),
      params: z.record(z.string().regex(/^[A-Za-z]\w{0,63}$/), ParamSpec),
      indicators: plainFunction.optional(),
      warmUp: plainFunction.optional(),
      init: plainFunction,
      next: plainFunction,
    },
    'must be what defineModule returns',
  ),
});

/** Imports a module's file, which runs its code. Throws an Error that says all that is wrong with it. */
export async function loadModule(file: string): Promise<StrategyModule> {
  const parsed = Exports.safeParse(await import(pathToFileURL(file).href));
  if (!parsed.success)
    throw new Error(
      faultsOf(parsed.error)
        .map(({ path, message }) => `${path}: ${message}`)
        .join('; '),
    );
  const strategy = parsed.data.strategy as StrategyModule;
  const defaults = Object.fromEntries(Object.entries(strategy.params).map(([name, param]) => [name, param.default]));
  const checked = paramsSchema(strategy.params).safeParse(defaults);
  if (checked.success) return strategy;
  const faults = faultsOf(checked.error, ['strategy', 'params']);
  throw new Error(faults.map(({ path, message }) => `${path}: its default is wrong: ${message}`).join('; '));
}
