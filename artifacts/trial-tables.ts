import type { ArtifactRef } from '../shared/artifact.ts';
import { floatTable, type Columns } from './arrow.ts';
import { joined } from './recut.ts';
import type { ArtifactStore, ArtifactWriter } from './store.ts';

/** Tables of trials: Arrow IPC streams of float64 columns. Which columns there are, whoever reads them knows. */
export interface TrialTables {
  /** Writes several files, or none of them. */
  together<Value>(work: (write: WriteTrials) => Promise<Value>): Promise<Value>;
  /** The rows of all of them, in the order of the files. */
  read<Name extends string>(refs: readonly ArtifactRef[], names: readonly Name[]): Promise<Columns<Name>>;
}

export type WriteTrials = <Name extends string>(scope: string, names: readonly Name[], columns: Columns<Name>) => Promise<ArtifactRef>;

export function createTrialTables(artifacts: ArtifactStore): TrialTables {
  return {
    together: (work) => artifacts.together((files) => work(writerOf(files))),
    async read(refs, names) {
      const table = floatTable(names);
      const files = [];
      // One after the other: there may be thousands of them.
      for (const ref of refs) files.push(...table.decode(await artifacts.get(ref)));
      return joined(names, files);
    },
  };
}

function writerOf(files: ArtifactWriter): WriteTrials {
  return (scope, names, columns) => {
    const rows = columns[names[0]!].length;
    return files.putStream(scope, floatTable(names).encodeParts([columns]), () => rows);
  };
}
