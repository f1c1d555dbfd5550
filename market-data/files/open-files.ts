import type { FileStorage, LocalFiles, StoredFile } from './storage.ts';
import { openTables, type TableSession } from './table-session.ts';

/** Files, and a process that reads them and nothing else. */
export interface OpenFiles<File extends StoredFile> {
  session: TableSession;
  files: LocalFiles<File>['files'];
  close(): Promise<void>;
}

/** Fails as the storage does. */
export async function openFiles<File extends StoredFile>(
  storage: FileStorage,
  files: readonly File[],
  { part = 'whole', signal }: { part?: 'whole' | 'ends'; signal?: AbortSignal } = {},
): Promise<OpenFiles<File>> {
  const local = await storage.open(files, part, signal);
  try {
    const session = await openTables([local.root], { signal });
    const close = async (): Promise<void> => {
      await session.close();
      await local.close();
    };
    return { session, files: local.files, close };
  } catch (error) {
    await local.close();
    throw error;
  }
}
