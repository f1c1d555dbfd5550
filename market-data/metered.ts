import type { ArtifactStore } from '../artifacts/store.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import { inGibibytes } from '../shared/byte-text.ts';
import { canonicalJson } from '../shared/canonical-json.ts';
import { DatasetOrigin } from '../shared/dataset.ts';
import type { Fault } from '../shared/errors.ts';
import { PUBLIC_SCOPE } from '../shared/names.ts';
import type { Reading, ScanQuote } from './source.ts';

/** A reading with the notes that were taken. */
interface NotedReading extends Reading {
  notes: DatasetOrigin;
}

/** How datasets came from metered sources: beside their files, since the same bars are the same dataset wherever they came from. */
export function createOrigins(artifacts: ArtifactStore) {
  const nameOf = ({ sha256 }: ArtifactRef) => `origins/${sha256}`;
  return {
    /** `at`: when the fetch was first tried, in ms. */
    reading: (at: number): NotedReading => {
      const notes: DatasetOrigin = {};
      return { at, notes, note: (more) => void Object.assign(notes, more, sumOf(notes, more)) };
    },
    keep: async (dataset: ArtifactRef, { notes }: NotedReading): Promise<void> => {
      if (Object.keys(notes).length === 0) return;
      const file = await artifacts.put(PUBLIC_SCOPE, new TextEncoder().encode(canonicalJson(notes)));
      await artifacts.link(PUBLIC_SCOPE, nameOf(dataset), file);
    },
    of: async (dataset: ArtifactRef): Promise<DatasetOrigin | null> => {
      const file = await artifacts.resolve(PUBLIC_SCOPE, nameOf(dataset));
      return file && DatasetOrigin.parse(JSON.parse(new TextDecoder().decode(await artifacts.get(file))));
    },
  };
}

function sumOf(notes: DatasetOrigin, more: DatasetOrigin): DatasetOrigin {
  return more.bytesBilled === undefined ? {} : { bytesBilled: (notes.bytesBilled ?? 0) + more.bytesBilled };
}

/** What a single run may not have scanned. */
export function tooDear(quote: ScanQuote | null): Fault[] {
  if (quote === null || quote.bytes <= quote.caps.perRunBytes) return [];
  const price = `${inGibibytes(quote.bytes)} (${quote.cost.toFixed(2)} USD)`;
  const message = `the query would scan ${price}, and a run may scan ${inGibibytes(quote.caps.perRunBytes)}: ask for fewer symbols or a shorter range`;
  return [{ path: 'data', message }];
}
