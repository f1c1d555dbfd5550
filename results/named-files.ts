import * as z from 'zod';
import { ArtifactRef } from '../shared/artifact.ts';
import { NAMING_TABLES, type RetentionStore } from './retention.ts';

const PAGE = 500;

const Reference = z.looseObject(ArtifactRef.shape);

/** What rows name: files, and checkpoints, which name further ones. */
export type NamedFile = { ref: ArtifactRef; isCheckpoint: boolean };

/** Every file that a row of any owner names, page by page. */
export async function* namedFiles(store: Pick<RetentionStore, 'namingRows'>): AsyncGenerator<NamedFile> {
  for (const table of NAMING_TABLES) {
    let after: string | null = '';
    while (after !== null) {
      const { files, checkpoints, next } = await store.namingRows(table, after, PAGE);
      for (const ref of refsIn(files)) yield { ref, isCheckpoint: false };
      for (const ref of refsIn(checkpoints)) yield { ref, isCheckpoint: true };
      after = next;
    }
  }
}

/** References to files anywhere in a value. */
function* refsIn(value: unknown): Generator<ArtifactRef> {
  if (typeof value !== 'object' || value === null) return;
  const { success, data } = Reference.safeParse(value);
  if (success) yield data;
  else for (const member of Object.values(value)) yield* refsIn(member);
}
