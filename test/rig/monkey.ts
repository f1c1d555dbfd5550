import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from './seeds.ts';
import type { Service, Started } from './service.ts';

/** A process of the service that a monkey may end or freeze. */
export interface Victim {
  name: string;
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Starts it again after a kill. */
  start(): Promise<void>;
}

export interface Monkey {
  /** What was done, and how often: `kill worker 1`. */
  readonly deeds: Readonly<Record<string, number>>;
}

const PAUSE_MS = [2_000, 5_000] as const;
const DOWN_MS = [0, 2_000] as const;
const FROZEN_MS = [500, 6_000] as const;

/** For so long kills or freezes one process every 2-5 s; in the end all of them run again. */
export async function letMonkeyLoose(victims: readonly Victim[], random: Random, forMs: number): Promise<Monkey> {
  const deeds: Record<string, number> = {};
  const until = performance.now() + forMs;
  const busy = new Set<Victim>();
  const healing: Promise<void>[] = [];
  const heal = async (victim: Victim, after: number, back: () => Promise<void> | void): Promise<void> => {
    busy.add(victim);
    await delay(after);
    await back();
    busy.delete(victim);
  };
  while (performance.now() < until) {
    await delay(random.between(...PAUSE_MS));
    const victim = random.pick(victims);
    const kills = random.uniform() < 0.6;
    const [shortest, longest] = kills ? DOWN_MS : FROZEN_MS;
    const after = random.between(shortest, longest);
    if (busy.has(victim)) continue;
    const deed = `${kills ? 'kill' : 'freeze'} ${victim.name}`;
    deeds[deed] = (deeds[deed] ?? 0) + 1;
    if (kills) await victim.kill();
    else victim.freeze();
    healing.push(heal(victim, after, () => (kills ? victim.start() : victim.thaw())));
  }
  await Promise.all(healing);
  return { deeds };
}

/** A worker that gave up on a server that was away is started again by its supervisor, as here. */
export function workerVictim(service: Service, first: Started, index: number): Victim {
  let worker = first;
  const start = async (): Promise<void> => {
    for (;;) {
      const started = await service.startWorker().catch(() => null);
      if (started !== null) return void (worker = started);
    }
  };
  return {
    name: `worker ${index + 1}`,
    kill: () => worker.kill('SIGKILL'),
    freeze: () => worker.freeze(),
    thaw: () => worker.thaw(),
    start,
  };
}
