import type { IndicatorDefinition } from './indicator.ts';
import { sharedColumns } from './shared-columns.ts';

/** Bars at a time, so that the columns between the stages of an indicator stay in the processor's cache. */
const BLOCK = 4096;

/**
 * Whole columns of an indicator, one for each output, as long as the inputs. Computed once a process for the same input columns and
 * parameters, and shared: not to be written to.
 * @param inputs The series of the call, then the bar columns that the definition names; all of one length.
 * @param params All of them, within their bounds.
 */
export function computeIndicator(
  definition: IndicatorDefinition,
  inputs: readonly Float64Array[],
  params: readonly number[],
): readonly Float64Array[] {
  return sharedColumns(inputs, `${definition.name} ${params.join(' ')}`, () => wholeColumns(definition, inputs, params));
}

/** The first output of {@link computeIndicator}: what a call means without a member. */
export function indicatorColumn(definition: IndicatorDefinition, inputs: readonly Float64Array[], params: readonly number[]): Float64Array {
  return computeIndicator(definition, inputs, params)[0]!;
}

function wholeColumns(definition: IndicatorDefinition, inputs: readonly Float64Array[], params: readonly number[]): Float64Array[] {
  const { length } = inputs[0]!;
  const columns = definition.outputs.map(() => new Float64Array(length));
  const state = definition.start(params);
  for (let from = 0; from < length; from += BLOCK) {
    const to = Math.min(length, from + BLOCK);
    definition.run(state, { inputs, from, to, outputs: columns.map((column) => column.subarray(from, to)) });
  }
  return columns;
}
