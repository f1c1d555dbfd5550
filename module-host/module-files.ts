import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** Names of modules are those of their files; anything else would lead out of the folder, or is a test or a part of a module. */
const NAME = /^[a-z][a-z0-9-]{0,63}$/;
const EXTENSION = '.ts';
/** Imports that are more than types. Finds more than it should in comments and strings, which does no harm: what names no file is left out. */
const LOCAL_IMPORT = /\b(?:(?:import|export)\b(?!\s+type\b)[^'";]*?\bfrom\s*|import\s*\(?\s*)(['"])(\.{1,2}\/[^'"]+)\1/g;
/** Has a version of its own in every result. */
const ENGINE = path.join(import.meta.dirname, '../engine') + path.sep;

/** The modules of a folder: one TypeScript file each. Files are looked up at each call, so that a new or edited one counts at once. */
export interface ModuleFiles {
  /** Sorted. */
  names(): string[];
  has(name: string): boolean;
  /** Absolute. */
  pathOf(name: string): string;
  /**
   * Hash of a module's source and of all local files that it imports, directly or not, but for the engine's: 16 hex digits, the same on every
   * machine.
   */
  hashOf(name: string): string;
}

export function createModuleFiles(folder: string): ModuleFiles {
  const pathOf = (name: string): string => path.join(folder, name + EXTENSION);
  return {
    names: () => (statSync(folder, { throwIfNoEntry: false }) ? readdirSync(folder).map(nameOf).filter(isName).sort() : []),
    has: (name) => isName(name) && isFile(pathOf(name)),
    pathOf,
    hashOf(name) {
      const hash = createHash('sha256');
      for (const file of withImports(pathOf(name))) hash.update(`${path.relative(folder, file)}\0`).update(readFileSync(file));
      return hash.digest('hex').slice(0, 16);
    },
  };
}

function nameOf(file: string): string {
  return file.endsWith(EXTENSION) ? file.slice(0, -EXTENSION.length) : '';
}

function isName(name: string): boolean {
  return NAME.test(name);
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The file and its local imports, sorted. */
function withImports(main: string): string[] {
  const found = new Set([main]);
  // A Set hands out what is added while it is walked.
  for (const file of found) {
    for (const [, , specifier] of readFileSync(file, 'utf8').matchAll(LOCAL_IMPORT)) {
      const imported = path.resolve(path.dirname(file), specifier!);
      if (!imported.startsWith(ENGINE) && isFile(imported)) found.add(imported);
    }
  }
  return [...found].sort();
}
