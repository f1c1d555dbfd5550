import { createHash, type Hash } from 'node:crypto';
import type { ArtifactRef } from '../shared/artifact.ts';
import type { FileGroup } from './atomic-file.ts';
import { gathered } from './gathered.ts';
import { encodeScope } from './paths.ts';
import { isIntactFile, isStored, partsOf } from './read-file.ts';
import type { ArtifactWriter } from './store.ts';

/** Puts files into a group, under the paths that `pathOf` has for them. */
export function writerInto(group: FileGroup, pathOf: (ref: ArtifactRef) => string): ArtifactWriter {
  const isThere = async (ref: ArtifactRef): Promise<boolean> => group.holds(pathOf(ref)) || (await isStored(pathOf(ref), ref.bytes));

  async function put(scope: string, bytes: Uint8Array, rows = 0): Promise<ArtifactRef> {
    const hash = createHash('sha256');
    for (const part of partsOf(bytes)) hash.update(part);
    const ref = refOf(encodeScope(scope), { ...finished(hash), bytes: bytes.length, rows });
    if (await isThere(ref)) return ref;
    await group.write(async (append) => {
      await append(bytes);
      return pathOf(ref);
    });
    return ref;
  }

  async function putStream(scope: string, parts: Parts, rows: () => number): Promise<ArtifactRef> {
    const encodedScope = encodeScope(scope); // before the first byte is written
    let ref: ArtifactRef | undefined;
    await group.write(async (append) => {
      ref = refOf(encodedScope, { ...(await writeParts(parts, append)), rows: rows() });
      return (await isThere(ref)) ? null : pathOf(ref);
    });
    return ref!;
  }

  async function asOneFile<Value>(scope: string, work: (parts: ArtifactWriter) => Promise<Value>): Promise<Value> {
    const encodedScope = encodeScope(scope);
    let value: Value | undefined;
    await group.write(async (append) => {
      const file = createParts(append);
      value = await work(file.writer);
      const ref = refOf(encodedScope, file.finish());
      for (const part of file.refs) part.uri = ref.uri;
      const path = pathOf(ref);
      // A damaged part is reported and the file left, for the sake of the others: only here it is found out that all of it is to be replaced.
      return (await isThere(ref)) && (group.holds(path) || (await isIntactFile(path, ref))) ? null : path;
    });
    return value!;
  }

  return { put, putStream, asOneFile };
}

type Parts = Parameters<ArtifactWriter['putStream']>[1];
type Append = (bytes: Uint8Array) => Promise<void>;

/** What is put one after the other into one file; addresses lack the name of the file until it is known. */
function createParts(append: Append) {
  const whole = createHash('sha256');
  const refs: ArtifactRef[] = [];
  let bytes = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function add(parts: Parts, rows: () => number): Promise<ArtifactRef> {
    const from = bytes;
    const written = await writeParts(parts, async (part) => {
      whole.update(part);
      bytes += part.length;
      await append(part);
    });
    const ref = { uri: '', ...written, rows: rows(), from };
    refs.push(ref);
    return ref;
  }

  /** In the order of the calls, so that the same parts give the same file. */
  function inLine(...part: Parameters<typeof add>): Promise<ArtifactRef> {
    const added = last.then(() => add(...part));
    last = added;
    return added;
  }

  const writer: ArtifactWriter = {
    put: (_scope, part, rows = 0) => inLine([part], () => rows),
    putStream: (_scope, parts, rows) => inLine(parts, rows),
    asOneFile: (_scope, work) => work(writer),
  };
  return { writer, refs, finish: () => ({ ...finished(whole), bytes, rows: 0 }) };
}

/** Writes the bytes, with small neighbours joined; gives their hash and number. Each piece is written while the next one is made. */
async function writeParts(parts: Parts, append: Append): Promise<Pick<ArtifactRef, 'sha256' | 'bytes'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  let writing = Promise.resolve();
  for await (const part of gathered(parts)) {
    for (const piece of partsOf(part)) {
      hash.update(piece);
      bytes += piece.length;
      await writing;
      writing = append(piece);
      writing.catch(() => undefined); // told when it is waited for
    }
  }
  await writing;
  return { ...finished(hash), bytes };
}

function finished(hash: Hash): Pick<ArtifactRef, 'sha256'> {
  return { sha256: hash.digest('hex') };
}

function refOf(encodedScope: string, file: Pick<ArtifactRef, 'sha256' | 'bytes' | 'rows'>): ArtifactRef {
  return { uri: `${encodedScope}/${file.sha256}`, ...file };
}
