import { join, resolve } from 'node:path';
import type { ArtifactRef } from '../shared/artifact.ts';

const URI = /^([a-z0-9_%-]+)\/([0-9a-f]{64})$/;
const LINK_NAME = /^[a-z0-9][a-z0-9_-]{0,199}(\/[a-z0-9][a-z0-9_-]{0,199})*$/;

/** Where things lie in the folder of an artifact store. Names that would lead out of it are refused. */
export function createPaths(folder: string) {
  const root = resolve(folder);
  return {
    temporary: join(root, '.tmp'), // no scope has a dot in its encoded name
    content(ref: ArtifactRef): string {
      const [, scope, sha256] = URI.exec(ref.uri) ?? [];
      if (scope === undefined || sha256 === undefined || (ref.from === undefined && sha256 !== ref.sha256))
        throw new RangeError(`"${ref.uri}" is not the address of the artifact ${ref.sha256}`);
      return join(root, scope, sha256.slice(0, 2), sha256);
    },
    link(scope: string, name: string): string {
      if (!LINK_NAME.test(name)) throw new RangeError(`"${name}" is not a name for a link: write lower-case words, separated by slashes`);
      return join(root, encodeScope(scope), 'links', `${name}.json`);
    },
  };
}

/** Folder name of a scope. All but lower-case letters, digits, `-` and `_` is escaped: no traversal, no clash where case is ignored. */
export function encodeScope(scope: string): string {
  const encoded = scope.replaceAll(/[^a-z0-9_-]/gu, (character) =>
    Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  );
  if (encoded.length < 1 || encoded.length > 250) throw new RangeError('A scope has 1 to 250 bytes');
  return encoded;
}
