import type { ParamSpecs } from '../shared/strategy.ts';
import { startConfinedProcess, type ConfinedOptions, type ConfinedProcess } from './confined-process.ts';
import type { ModuleFiles } from './module-files.ts';

/** What a module says of itself. */
interface ModuleDescription {
  title: string;
  description: string;
  params: ParamSpecs;
}

/** A module of the folder; `error` says why it cannot be run. */
export type DeployedModule = { name: string } & ({ error: null; about: ModuleDescription } | { error: string; about: null });

export interface ModuleCatalog {
  /** Without loading any. */
  names(): string[];
  /** Sorted by name. A broken one is listed with its error. */
  list(): Promise<DeployedModule[]>;
  find(name: string): Promise<DeployedModule | null>;
}

/** Loading a module only declares things. */
const LIMITS = { memoryMb: 512, stallMs: 5_000 } satisfies Partial<ConfinedOptions>;
const THREAD_FILE = new URL('./describe-thread.ts', import.meta.url);
/** The process that describes is kept this long for the next module. */
const IDLE_MS = 1_000;

/** Describes the modules of a folder. Each version of a module is loaded once, in a process of its own: whatever it does there, this one goes on. */
export function createModuleCatalog(files: ModuleFiles): ModuleCatalog {
  const described = new Map<string, { hash: string; module: Promise<DeployedModule> }>();
  const load = createLoader();

  async function describe(name: string): Promise<DeployedModule> {
    const hash = files.hashOf(name);
    const known = described.get(name);
    if (known?.hash === hash) return known.module;
    const module = load(name, files.pathOf(name));
    described.set(name, { hash, module });
    return module;
  }

  return {
    names: () => files.names(),
    list: () => Promise.all(files.names().map(describe)),
    find: async (name) => (files.has(name) ? describe(name) : null),
  };
}

/** Loads one module after the other; each in a new thread of one process, or of the next process where it has ended that one. */
function createLoader() {
  let child: ConfinedProcess | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  async function load(name: string, file: string): Promise<DeployedModule> {
    clearTimeout(timer);
    if (child === null || child.ended) child = startConfinedProcess({ ...LIMITS, threadFile: THREAD_FILE, threadData: null });
    try {
      return { name, error: null, about: (await child.run({ file })) as ModuleDescription };
    } catch (error) {
      return { name, error: error instanceof Error ? error.message : String(error), about: null };
    } finally {
      timer = setTimeout(() => {
        void child?.close();
        child = null;
      }, IDLE_MS);
    }
  }

  return (name: string, file: string): Promise<DeployedModule> => {
    const module = last.then(() => load(name, file));
    last = module;
    return module;
  };
}
