import { auditModule } from '../activities/modules/audit-module.ts';
import type { ModuleJob } from '../activities/modules/module-slices.ts';
import { createKnownTrials } from '../activities/jobs/known-trials.ts';
import { createPlans } from '../activities/jobs/plans.ts';
import { runTrials } from '../activities/jobs/run-trials.ts';
import { simulateSlice } from '../activities/jobs/simulate-slice.ts';
import type { JobStores } from '../activities/jobs/stores.ts';
import { validateTrials } from '../activities/jobs/validate-trials.ts';
import type { ArtifactPlace } from '../artifacts/open-artifacts.ts';
import { loadModule } from '../module-host/load-module.ts';
import { createModuleFiles } from '../module-host/module-files.ts';
import { serveJob } from '../module-host/serve-job.ts';
import type { Bars, Dataset } from '../shared/bars.ts';
import { HoldfastError } from '../shared/errors.ts';
import { CONTROL } from '../shared/slice-control.ts';
import type { Params } from '../shared/strategy.ts';
import { checkedParams } from '../strategies/check-params.ts';
import { createModuleTrader, type LoadedModule } from '../strategies/module-trader.ts';
import { openArtifactStores } from './stores.ts';

/** What the worker tells the threads of a module's process. */
export interface ModuleThreadData {
  home: string;
  /** Folder of the modules. */
  modules: string;
  /** A bucket can be used by whoever has its key: the module, too, which is the operator's own. */
  artifacts: ArtifactPlace | null;
}

/** One job of a run whose strategy is a module. The dataset is handed on to the next thread of this process. */
serveJob<ModuleThreadData, ModuleJob, Dataset>(async (job, { own, control, kept }) => {
  const stores = openArtifactStores(own.home, undefined, own.artifacts);
  const whole = async () => (kept?.sha256 === job.datasetRef.sha256 ? kept : stores.datasets.read(job.datasetRef));
  const load = async () => {
    const pulse = control.subarray(CONTROL.pulse);
    const { name, params: given } = job.spec.strategy;
    const loaded = await loadCounted(name, own.modules, pulse);
    const trader = (bars: readonly Bars[], params: Params = given) =>
      createModuleTrader({ ...loaded, params: checkedParams(loaded.module, params), pulse, bars });
    return { ...loaded, trader };
  };
  if (job.kind === 'audit') {
    const dataset = await whole();
    return { value: await auditModule({ ...stores, load }, job, dataset), kept: dataset };
  }
  if (job.kind === 'trials' || job.kind === 'validation') {
    const dataset = await whole();
    const { trader, sourceHash } = await load();
    if (sourceHash !== job.sourceHash)
      throw new HoldfastError('strategy_changed', `${job.spec.strategy.name} was edited while a sweep used it.`);
    const deciderOf = (params: Params, { instruments }: Dataset) => ({
      trader: trader(instruments.slice(0, job.spec.data.symbols.length), params),
    });
    const trialStores = { ...stores, planOf: createPlans(), deciderOf };
    if (job.kind === 'validation') return { value: await validateTrials(trialStores, { ...job, dataset }), kept: dataset };
    const knownTrials = createKnownTrials(stores.trialTables);
    return { value: await runTrials({ ...trialStores, knownTrials }, { ...job, dataset, control }), kept: dataset };
  }
  const dataset = job.streamed ? null : await whole();
  const { trader } = await load();
  const prepareDecider: JobStores['prepareDecider'] = (_strategy, bars) => ({ trader: trader(bars) });
  const value = await simulateSlice({ ...stores, prepareDecider }, { ...job, dataset, control });
  return { value, kept: dataset };
});

async function loadCounted(name: string, folder: string, pulse: Int32Array): Promise<LoadedModule> {
  const files = createModuleFiles(folder);
  const sourceHash = files.hashOf(name);
  pulse[0]!++;
  try {
    return { name, sourceHash, module: await loadModule(files.pathOf(name)) };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new HoldfastError('strategy_failed', `${name} cannot be loaded: ${said}`, { cause: error });
  } finally {
    pulse[0]!++;
  }
}
