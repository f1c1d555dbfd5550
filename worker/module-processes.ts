import { createModuleSlices, type ModuleSlices } from '../activities/modules/module-slices.ts';
import type { ArtifactPlace } from '../artifacts/open-artifacts.ts';
import { startConfinedProcess } from '../module-host/confined-process.ts';
import { createModuleFiles } from '../module-host/module-files.ts';
import { isBuiltIn } from '../strategies/catalog.ts';
import type { WorkerConfig } from './config.ts';
import type { ModuleThreadData } from './module-thread.ts';

/** Long enough for the next slice of a run, or the next run of a batch. */
const IDLE_MS = 30_000;

export type ModuleSettings = Pick<
  WorkerConfig,
  'HOLDFAST_HOME' | 'HOLDFAST_MODULES' | 'HOLDFAST_MODULE_MEMORY_MB' | 'HOLDFAST_MODULE_STALL_SECONDS'
>;

/** The processes in which this worker's modules run. */
export function openModuleSlices(config: ModuleSettings, artifacts: ArtifactPlace | null = null): ModuleSlices {
  const files = createModuleFiles(config.HOLDFAST_MODULES);
  const threadData: ModuleThreadData = { home: config.HOLDFAST_HOME, modules: config.HOLDFAST_MODULES, artifacts };
  return createModuleSlices({
    isModule: ({ name }) => !isBuiltIn(name) && files.has(name),
    hashOf: (name) => files.hashOf(name),
    start: () =>
      startConfinedProcess({
        threadFile: new URL('./module-thread.ts', import.meta.url),
        threadData,
        memoryMb: config.HOLDFAST_MODULE_MEMORY_MB,
        stallMs: config.HOLDFAST_MODULE_STALL_SECONDS * 1_000,
      }),
    idleMs: IDLE_MS,
  });
}
