import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import manifest from '../package.json' with { type: 'json' };

/** Seconds, from a step of a few milliseconds to a wait of ten minutes. */
export const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600];

/** A registry of a process, with what Node itself says (memory, handles, lag of the event loop) and which version of the service it runs. */
export function createRegistry(component: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'holdfast_build_info',
    help: 'Always 1; the labels say which version runs, and as what',
    labelNames: ['version', 'component'],
    registers: [registry],
  }).set({ version: manifest.version, component }, 1);
  return registry;
}
