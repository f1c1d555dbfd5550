import { derivedColumns } from './derived-columns.ts';
import type { IndicatorDefinition } from './indicator.ts';

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
  return derivedColumns(inputs, `${definition.name} ${params.join(' ')}`, {
    outputs: definition.outputs.length,
    lookback: definition.lookback(params),
    start: () => definition.start(params),
    run(state, { from: start, to: end, outputs }) {
      for (let from = start; from < end; from += BLOCK) {
        const to = Math.min(end, from + BLOCK);
        definition.run(state, { inputs, from, to, outputs: outputs.map((column) => column.subarray(from - start, to - start)) });
      }
    },
  });
}

/** The first output of {@link computeIndicator}: what a call means without a member. */
export function indicatorColumn(definition: IndicatorDefinition, inputs: readonly Float64Array[], params: readonly number[]): Float64Array {
  return computeIndicator(definition, inputs, params)[0]!;
}
