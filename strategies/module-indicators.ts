import { INDICATORS } from '../engine/indicators/catalog.ts';
import { computeIndicator } from '../engine/indicators/compute.ts';
import type { IndicatorDefinition } from '../engine/indicators/indicator.ts';
import { refuseForgotten, streamedPart } from '../engine/indicators/streamed-columns.ts';
import type { Indicators } from '../engine/strategy.ts';
import type { TraderContext } from '../engine/trader.ts';
import type { Bars, PRICE_COLUMNS } from '../shared/bars.ts';
import { HoldfastError } from '../shared/errors.ts';
import { unknownName } from './check-params.ts';

/** An indicator of one series as a module asks for it: `{ use: 'sma', params: [20] }`. GET /v1/indicators lists them. */
export interface IndicatorUse {
  use: string;
  params?: readonly number[];
  /** Which column it is computed from, where it takes a series; the close when left out. */
  of?: (typeof PRICE_COLUMNS)[number];
}

/** What a module sees: all that any trader does, and the indicators that it has declared. */
export interface ModuleContext extends TraderContext {
  /** The value at this bar, or at that of `ago` bars before; NaN where there is none. Its first output, and the first symbol, unless they are named. */
  indicator(name: string, options?: { output?: string; symbol?: string; ago?: number }): number;
}

interface Computed {
  outputs: readonly string[];
  /** By symbol, then by output. */
  columns: readonly (readonly Float64Array[])[];
  /** First row of each symbol that is in memory. */
  kept: readonly number[];
}

/** Computes the indicators of a module on whole columns; the value of a bar depends on no later one. */
export function createModuleIndicators(uses: Readonly<Record<string, IndicatorUse>>, bars: readonly Bars[]) {
  const computed = new Map(Object.entries(uses).map(([name, use]) => [name, compute(name, use, bars)]));

  function valueOf(context: TraderContext, name: string, options: Parameters<ModuleContext['indicator']>[1] = {}): number {
    const known = computed.get(name);
    if (known === undefined) throw failed(`the indicator ${unknownName(name, [...computed.keys()])}`);
    const output = options.output === undefined ? 0 : known.outputs.indexOf(options.output);
    if (output < 0) throw failed(`the output ${unknownName(options.output!, known.outputs)}`);
    const { index, row } = context.symbol(options.symbol);
    const { ago = 0 } = options;
    const wanted = row - ago;
    if (!(wanted <= row)) return NaN;
    if (wanted < known.kept[index]!) refuseForgotten(wanted, ago);
    return known.columns[index]![output]![wanted] ?? NaN;
  }

  return (context: TraderContext): ModuleContext =>
    // What it inherits stays live: the context is one object that shows each bar in turn.
    Object.create(context, {
      indicator: { value: (name: string, options?: Parameters<ModuleContext['indicator']>[1]) => valueOf(context, name, options) },
    }) as ModuleContext;
}

/** What a module with these indicators was shown of a symbol; of several outputs each has its name behind that of the indicator. */
export function moduleIndicatorColumns(uses: Readonly<Record<string, IndicatorUse>>, bars: Bars): Indicators {
  const columns = Object.entries(uses).flatMap(([name, use]) => {
    const { outputs, columns: ofSymbols } = compute(name, use, [bars]);
    return outputs.map((output, k) => [outputs.length === 1 ? name : `${name}.${output}`, ofSymbols[0]![k]!] as const);
  });
  return Object.fromEntries(columns);
}

function compute(name: string, { use, params = [], of = 'close' }: IndicatorUse, bars: readonly Bars[]): Computed {
  const definition = INDICATORS.get(use);
  if (definition === undefined) throw failed(`indicators.${name}: ${unknownName(use, [...INDICATORS.keys()])}`);
  if (definition.series > 1) throw failed(`indicators.${name}: ${use} takes ${definition.series} series; a module can use those of one`);
  const given = paramsOf(name, definition, params);
  const columns = bars.map((each) => {
    const inputs = [...(definition.series === 1 ? [of] : []), ...definition.columns].map((column) => each[column]);
    return computeIndicator(definition, inputs, given);
  });
  return { outputs: definition.outputs, columns, kept: columns.map(([column]) => streamedPart(column!)?.kept ?? 0) };
}

function paramsOf(name: string, definition: IndicatorDefinition, given: readonly number[]): number[] {
  const { params } = definition;
  if (given.length > params.length)
    throw failed(`indicators.${name}: ${definition.name} takes ${params.length} parameters, not ${given.length}`);
  return params.map((param, index) => {
    const value = given[index] ?? param.default ?? NaN;
    const isFit = value >= param.min && value <= param.max && (param.type === 'number' || Number.isInteger(value));
    if (!isFit)
      throw failed(`indicators.${name}: ${param.name} of ${definition.name} lies from ${param.min} to ${param.max}, and is ${value}`);
    return value;
  });
}

function failed(what: string): HoldfastError {
  return new HoldfastError('strategy_failed', `The module asked for what there is not: ${what}.`);
}
