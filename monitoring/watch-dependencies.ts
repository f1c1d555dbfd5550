import { Gauge, type Registry } from 'prom-client';
import { stateOf, type DependencyState } from './dependency-state.ts';

export type Checks = Readonly<Record<string, () => Promise<void>>>;
export type DependencyStates = Record<string, DependencyState>;

/** Asks all dependencies at once; what it finds also stands in `holdfast_dependency_up`, which asks at each scrape. */
export function watchDependencies(registry: Registry, checks: Checks): () => Promise<DependencyStates> {
  async function look(): Promise<DependencyStates> {
    const states = await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await stateOf(check())] as const));
    return Object.fromEntries(states);
  }
  new Gauge({
    name: 'holdfast_dependency_up',
    help: 'Whether the process reaches what it needs: 1 or 0',
    labelNames: ['dependency'],
    registers: [registry],
    async collect() {
      for (const [dependency, { ok }] of Object.entries(await look())) this.set({ dependency }, Number(ok));
    },
  });
  return look;
}
