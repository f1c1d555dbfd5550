import { Context } from '@temporalio/activity';
import type { ArtifactRef } from '../shared/artifact.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import { heartbeatWhile } from './heartbeat.ts';
import type { Ports } from './ports.ts';

/** Turns `spec.data` into a dataset in the artifact store. Repeating it finds what an earlier attempt stored. */
export function fetchBars({ threads }: Ports) {
  return (spec: BacktestSpec): Promise<ArtifactRef> =>
    heartbeatWhile(threads.run('fetchBars', spec, Context.current().cancellationSignal), () => spec.data.source);
}
