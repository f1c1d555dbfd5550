import { join, resolve } from 'node:path';
import type { ArtifactRef } from '../shared/artifact.ts';

const URI = /^([a-z0-9_%-]+)\/([0-9a-f]{64})$/;
const LINK_NAME = /^[a-z0-9][a-z0-9_-]{0,199}(\/[a-z0-9][a-z0-9_-]{0,199})*$/;

/** Where things lie in the folder of an artifact store. Names that would lead out of it are refused. */
export function createPaths(folder: string) {
  const root = resolve(folder);
  return {
    root,
    temporary: join(root, '.tmp'), // no scope has a dot in its encoded name
    content: (ref: ArtifactRef): string => join(root, contentPlace(ref)),
    link: (scope: string, name: string): string => join(root, linkPlace(scope, name)),
  };
}

/** Where a file lies in a store, with slashes: `<scope>/<first two hex digits>/<sha256>`. */
export function contentPlace({ uri, sha256, from }: ArtifactRef): string {
  const [, scope, file] = URI.exec(uri) ?? [];
  if (scope === undefined || file === undefined || (from === undefined && file !== sha256))
    throw new RangeError(`"${uri}" is not the address of the artifact ${sha256}`);
  return `${scope}/${file.slice(0, 2)}/${file}`;
}

/** Where a link lies in a store, with slashes: `<scope>/links/<name>.json`. */
export function linkPlace(scope: string, name: string): string {
  if (!LINK_NAME.test(name)) throw new RangeError(`"${name}" is not a name for a link: write lower-case words, separated by slashes`);
  return `${encodeScope(scope)}/links/${name}.json`;
}

/** The address of the file that lies at a place; null for what is no stored file. */
export function uriAt(place: string): string | null {
  const [, scope, sha256] = /^([a-z0-9_%-]+)\/[0-9a-f]{2}\/([0-9a-f]{64})$/.exec(place) ?? [];
  return scope === undefined ? null : `${scope}/${sha256}`;
}

/** Whether a link lies at a place. */
export function isLinkAt(place: string): boolean {
  return /^[a-z0-9_%-]+\/links\/.+\.json$/.test(place);
}

/** Folder name of a scope. All but lower-case letters, digits, `-` and `_` is escaped: no traversal, no clash where case is ignored. */
export function encodeScope(scope: string): string {
  const encoded = scope.replaceAll(/[^a-z0-9_-]/gu, (character) =>
    Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  );
  if (encoded.length < 1 || encoded.length > 250) throw new RangeError('A scope has 1 to 250 bytes');
  return encoded;
}
