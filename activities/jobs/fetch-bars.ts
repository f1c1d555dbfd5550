import type { ArtifactRef } from '../../shared/artifact.ts';
import { CONTROL } from '../../shared/slice-control.ts';
import type { BacktestSpec } from '../../shared/spec.ts';
import type { SymbolCheck } from '../../shared/source-notes.ts';
import type { Upload } from '../../shared/upload.ts';
import type { JobStores } from './stores.ts';

export interface FetchJob {
  spec: BacktestSpec;
  /** The owner's own bars, where the spec names them. */
  upload: Upload | null;
  /** When this fetch was first tried, in ms. */
  at: number;
  /** Says when to stop; see {@link CONTROL}. */
  control: Int32Array;
}

export interface FetchedBars {
  dataset: ArtifactRef;
  /** What was found of each symbol that its source lists. */
  checks: SymbolCheck[];
}

const LOOK_MS = 50;

/** Fetches bars until they are stored, or it is told to stop: what runs elsewhere is then called off. */
export async function fetchBars({ marketData, uploaded }: JobStores, { spec, upload, at, control }: FetchJob): Promise<FetchedBars> {
  const stop = new AbortController();
  const look = setInterval(() => {
    if (Atomics.load(control, CONTROL.stop) === 1) stop.abort();
  }, LOOK_MS);
  try {
    const found: { checks: SymbolCheck[] } = { checks: [] };
    const note = (checks: SymbolCheck[]) => void (found.checks = checks);
    const dataset = await (upload === null ? marketData : uploaded(upload)).fetch(spec, stop.signal, at, note);
    return { dataset, ...found };
  } finally {
    clearInterval(look);
  }
}
