import * as z from 'zod';

const described = { description: z.string().optional() };

/** A strategy's parameter: its type, its range and its default. The rules language declares its parameters in the same words. */
export const ParamSpec = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('integer'), min: z.int(), max: z.int(), default: z.int(), ...described }),
  z.strictObject({ type: z.literal('number'), min: z.number(), max: z.number(), default: z.number(), ...described }),
  z.strictObject({ type: z.literal('choice'), values: z.array(z.string()).min(1), default: z.string(), ...described }),
]);
export type ParamSpec = z.infer<typeof ParamSpec>;
export type ParamSpecs = Readonly<Record<string, ParamSpec>>;

type ParamValue = number | string | boolean;
export type Params = Readonly<Record<string, ParamValue>>;

export const SymbolCount = z
  .object({ min: z.int(), max: z.int().nullable() })
  .describe('How many symbols it can trade at once; null for any number');
export type SymbolCount = z.infer<typeof SymbolCount>;

/** What a strategy can do that trades each symbol by itself, or asks for nothing. */
export const ANY_SYMBOLS: SymbolCount = { min: 1, max: null };

/** What `GET /v1/strategies` says of a strategy. */
export const StrategyInfo = z.object({
  name: z.string(),
  kind: z.enum(['built-in', 'module']),
  title: z.string(),
  description: z.string(),
  params: z.record(z.string(), ParamSpec),
  symbols: SymbolCount,
  error: z.string().nullable().describe('Why a module cannot be run'),
  schema: z.record(z.string(), z.unknown()).describe('JSON Schema of `strategy.params`'),
});
export type StrategyInfo = z.infer<typeof StrategyInfo>;

/** A {@link ParamSpec} that may lack its default: the parameter must then be given. */
type Declared = ParamSpec extends infer Spec
  ? Spec extends ParamSpec
    ? Omit<Spec, 'default'> & { default?: Spec['default'] | undefined }
    : never
  : never;

/** A zod schema for the parameters of one strategy, with its defaults; unknown names are faults. */
export function paramsSchema(specs: Readonly<Record<string, Declared>>) {
  return z.strictObject(Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, schemaOf(spec)])));
}

function schemaOf(spec: Declared): z.ZodType {
  const schema: z.ZodType = rangeOf(spec);
  const complete = spec.default === undefined ? schema : schema.default(spec.default);
  return spec.description === undefined ? complete : complete.describe(spec.description);
}

function rangeOf(spec: Declared) {
  switch (spec.type) {
    case 'integer':
      return z.int().min(spec.min).max(spec.max);
    case 'number':
      return z.number().min(spec.min).max(spec.max);
    case 'choice':
      return z.enum(spec.values);
  }
}

/** The same as JSON Schema, for forms and editors: of what a client may write, so nothing with a default is required. */
export function paramsJsonSchema(specs: ParamSpecs): Record<string, unknown> {
  return z.toJSONSchema(paramsSchema(specs), { io: 'input' });
}
