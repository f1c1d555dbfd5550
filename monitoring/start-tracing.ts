import type { Tracing } from './tracing.ts';

/** Tracing of this process, where a collector is given. Its libraries take time to load, which nobody else spends. */
export async function startTracing(component: string, url: string | undefined): Promise<Tracing | null> {
  return url === undefined ? null : (await import('./open-tracing.ts')).openTracing(component, url);
}
