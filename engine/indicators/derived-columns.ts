import type { Derived } from './column-share.ts';
import { compute, sharedColumns } from './shared-columns.ts';
import { streamedPart, type Derivation } from './streamed-columns.ts';

/**
 * The columns that a derivation gives on all rows of the first source. Computed once a process for the same sources and name (null: for this caller
 * only), and shared: not to be written to. Of columns that are streamed, the rows of the stretch that is in memory.
 */
export function derivedColumns<State>(
  sources: readonly Float64Array[],
  name: string | null,
  derivation: Derivation<State>,
): readonly Float64Array[] {
  const part = sources[0] && streamedPart(sources[0]);
  if (part !== undefined) return part.stream.derive(sources, name, derivation as Derivation);
  const { length } = sources[0]!;
  const whole: Derived = {
    count: derivation.outputs,
    length,
    fill: (outputs) => derivation.run(derivation.start(), { from: 0, to: length, outputs }),
  };
  return name === null ? compute(whole) : sharedColumns(sources, name, whole);
}
