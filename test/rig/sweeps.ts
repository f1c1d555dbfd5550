import { setTimeout as delay } from 'node:timers/promises';
import type { SweepSpecInput } from '../../shared/sweep-spec.ts';
import type { Sweep, SweepResult, Trial } from '../../shared/sweep.ts';
import type { Service } from './service.ts';
import { longRun, smaCross } from './specs.ts';

/** 209 pairs of averages on bundled data: over in a moment. */
export const smallSweep: SweepSpecInput = {
  ...smaCross,
  name: 'Pairs of averages',
  strategy: { name: 'sma-cross' },
  space: { fast: { min: 2, max: 20 }, slow: { min: 10, max: 50, step: 4 } },
};

/** A sweep of so many trials that take about so many milliseconds each. */
export function slowSweep(trials: number, ms: number, seed = 7): SweepSpecInput {
  const one = longRun(ms / 1_000, seed);
  return {
    ...one,
    name: `${trials} slow trials`,
    space: { fast: { min: 2, max: 400 }, slow: { min: 401, max: 800 } },
    search: { kind: 'random', trials },
    // A few days of bars have no Sharpe ratio.
    objective: { metric: 'totalReturn' },
  };
}

export async function submitSweep(service: Service, spec: SweepSpecInput, headers: Record<string, string> = {}): Promise<Sweep> {
  const { status, body } = await service.post<Sweep>('/v1/sweeps', spec, headers);
  if (status !== 202) throw new Error(`the sweep was refused with ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Follows a sweep until it is as wanted; fails when it ends otherwise. */
export async function untilSweep(service: Service, id: string, wanted: (sweep: Sweep) => boolean): Promise<Sweep> {
  for (;;) {
    const { body: sweep } = await service.get<Sweep>(`/v1/sweeps/${id}`);
    if (wanted(sweep)) return sweep;
    if (sweep.finishedAt !== null) throw new Error(`sweep ${id} ended as ${sweep.status}: ${JSON.stringify(sweep.error)}`);
    await delay(20);
  }
}

export async function completedSweep(service: Service, id: string): Promise<SweepResult> {
  await untilSweep(service, id, ({ status }) => status === 'completed');
  return (await service.get<SweepResult>(`/v1/sweeps/${id}/result`)).body;
}

/** All trials of a sweep, in their order. */
export async function trialsOf(service: Service, id: string): Promise<Trial[]> {
  const trials: Trial[] = [];
  let cursor: string | null = null;
  do {
    const query: string = `sort=trial&limit=1000${cursor === null ? '' : `&cursor=${cursor}`}`;
    const { body } = await service.get<{ items: Trial[]; nextCursor: string | null }>(`/v1/sweeps/${id}/trials?${query}`);
    trials.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return trials;
}
