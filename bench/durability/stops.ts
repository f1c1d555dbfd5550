import type { Service } from '../../test/rig/service.ts';
import { longRun } from '../../test/rig/specs.ts';
import { quantiles, timed, type Quantiles } from './measure.ts';

/** Milliseconds from the request to the row that says so. */
export interface StopTimes {
  pause: Quantiles;
  cancel: Quantiles;
}

/** Longer than it takes to be stopped, twice. */
const RUN_SECONDS = 60;

/**
 * How long a pause and a cancel take from POST until the run has stopped and its row says `paused` or `cancelled` (a cancelled run has
 * then its partial result). Each run is paused, resumed and cancelled, one run after the other, at moments spread over its slices.
 */
export async function measureStops(service: Pick<Service, 'submit' | 'post' | 'until'>, runs = 50): Promise<StopTimes> {
  const times = { pause: [] as number[], cancel: [] as number[] };
  const simulating = (id: string, after: number) =>
    service.until(id, ({ status, progress }) => status === 'running' && progress.done > after);
  for (let run = 0; run < runs; run += 1) {
    const { id } = await service.submit(longRun(RUN_SECONDS));
    await simulating(id, 0);
    // Spread over the half second at which heartbeats are passed on.
    await new Promise((resolve) => setTimeout(resolve, (run * 137) % 500));
    times.pause.push(await timed(() => stopped(id, 'pause', 'paused')));
    const { progress } = await service.until(id, ({ requested }) => requested === null);
    await service.post(`/v1/backtests/${id}/resume`);
    await simulating(id, progress.done);
    times.cancel.push(await timed(() => stopped(id, 'cancel', 'cancelled')));
  }
  return { pause: quantiles(times.pause), cancel: quantiles(times.cancel) };

  async function stopped(id: string, wanted: string, status: string): Promise<void> {
    await service.post(`/v1/backtests/${id}/${wanted}`);
    await service.until(id, (run) => run.status === status);
  }
}
