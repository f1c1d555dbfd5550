import { WorkerConfig } from './config.ts';
import { workflowBundle } from './workflow-bundle.ts';

/** For images: makes the script of the workflows ahead of the workers that need it, as the default settings have it. */
for (const isTraced of [false, true]) {
  await workflowBundle({ heartbeatSeconds: WorkerConfig.shape.HOLDFAST_HEARTBEAT_SECONDS.parse(undefined), isTraced });
}
