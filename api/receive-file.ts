import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { HoldfastError } from '../shared/errors.ts';

/** Writes a body to a file, and gives what `use` makes of it; the file is gone afterwards. Fails with `payload_too_large`. */
export async function withReceivedFile<Value>(
  { body, mostBytes, announced }: { body: Readable; mostBytes: number; announced: number },
  use: (path: string) => Promise<Value>,
): Promise<Value> {
  if (announced > mostBytes) throw tooLarge(mostBytes);
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-upload-'));
  try {
    const path = join(folder, 'file');
    await pipeline(body, (parts: AsyncIterable<Buffer>) => capped(parts, mostBytes), createWriteStream(path));
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* capped(parts: AsyncIterable<Buffer>, mostBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const part of parts) {
    bytes += part.length;
    if (bytes > mostBytes) throw tooLarge(mostBytes);
    yield part;
  }
}

function tooLarge(mostBytes: number): HoldfastError {
  const megabytes = Math.floor(mostBytes / 2 ** 20);
  return new HoldfastError(
    'payload_too_large',
    `An upload may have ${megabytes} MB (HOLDFAST_UPLOAD_MB). Send Parquet rather than CSV, fewer columns or a shorter range.`,
  );
}
