import type { ArtifactRef } from '../shared/artifact.ts';
import { GRACE_MS } from './grace.ts';
import { isLinkAt, uriAt } from './paths.ts';
import type { StoredFiles } from './stored-files.ts';

export interface Collected {
  /** Files that something names, files that are too young to be removed, and files that were removed. */
  named: number;
  young: number;
  removed: number;
}

/**
 * Removes files that nothing names, and damaged ones that were set aside, when they are older than the grace time. `named` gives every reference that
 * counts, and must not be cut short: when it fails, nothing is removed. What comes to be named while it is read is younger than the grace time, or was
 * made so by who found it stored. Links stay: they are small, and one that leads nowhere is as good as none.
 */
export async function collectGarbage(files: StoredFiles, named: AsyncIterable<ArtifactRef>, now: number): Promise<Collected> {
  const uris = new Set<string>();
  for await (const { uri } of named) uris.add(uri);
  const collected: Collected = { named: 0, young: 0, removed: 0 };
  for await (const { place, storedAt } of files.all()) {
    if (isLinkAt(place)) continue;
    const uri = uriAt(place);
    if (uri === null && !place.endsWith('.damaged')) continue;
    if (uri !== null && uris.has(uri)) collected.named += 1;
    else if (storedAt > now - GRACE_MS) collected.young += 1;
    else if (await files.remove(place, now - GRACE_MS)) collected.removed += 1;
    else collected.young += 1;
  }
  return collected;
}
