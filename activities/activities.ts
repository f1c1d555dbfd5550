import { aggregate } from './aggregate.ts';
import { closeSweep } from './close-sweep.ts';
import { deliver } from './deliver.ts';
import { withFailures } from './failures.ts';
import { continueNight } from './continue-night.ts';
import { continueSweepNight } from './continue-sweep-night.ts';
import { endNight } from './end-night.ts';
import { fetchBars } from './fetch-bars.ts';
import { finishedAmong } from './finished-among.ts';
import { lookAtSweep } from './look-at-sweep.ts';
import { openSweep } from './open-sweep.ts';
import { planTrials } from './plan-trials.ts';
import { runTrials } from './run-trials.ts';
import { launchNight } from './launch-night.ts';
import { withNotices } from './notifier.ts';
import { openRun } from './open-run.ts';
import type { Ports } from './ports.ts';
import { project } from './project.ts';
import { projectBatch } from './project-batch.ts';
import { reconcile } from './reconcile.ts';
import { runShard } from './run-shard.ts';
import { simulate } from './simulate.ts';
import { validateSweep } from './validate-sweep.ts';
import { tidy } from './tidy.ts';
import { withTrueEpochs } from './true-epochs.ts';

/** Every activity of the service; a worker serves those of its task queues. */
export function createActivities(given: Ports) {
  const ports = { ...given, results: withTrueEpochs(withNotices(given.results, given.workflows), given.workflows) };
  return {
    openRun: withFailures(openRun(ports)),
    fetchBars: withFailures(fetchBars(ports)),
    simulate: withFailures(simulate(ports)),
    aggregate: withFailures(aggregate(ports)),
    project: withFailures(project(ports)),
    finishedAmong: withFailures(finishedAmong(ports)),
    projectBatch: withFailures(projectBatch(ports)),
    runShard: withFailures(runShard(ports)),
    openSweep: withFailures(openSweep(ports)),
    planTrials: withFailures(planTrials(ports)),
    lookAtSweep: withFailures(lookAtSweep(ports)),
    runTrials: withFailures(runTrials(ports)),
    validateSweep: withFailures(validateSweep(ports)),
    closeSweep: withFailures(closeSweep(ports)),
    launchNight: withFailures(launchNight(ports)),
    continueNight: withFailures(continueNight(ports)),
    continueSweepNight: withFailures(continueSweepNight(ports)),
    endNight: withFailures(endNight(ports)),
    deliver: withFailures(deliver(ports)),
    reconcile: withFailures(reconcile(ports)),
    tidy: withFailures(tidy(ports)),
  };
}

export type Activities = ReturnType<typeof createActivities>;
