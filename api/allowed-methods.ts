import type { FastifyInstance } from 'fastify';

/** Remembers every route as it is added; gives the methods that a path takes, none for an unknown path. */
export function trackAllowedMethods(app: FastifyInstance): (path: string) => string[] {
  const routes: { url: string; pattern: RegExp; methods: string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    const source = url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[^/]+/g, '[^/]+');
    routes.push({ url, pattern: new RegExp(`^${source}$`), methods: [method].flat() });
  });
  return (path) => {
    // Of `/check` and `/:name` the first is meant.
    const exact = routes.filter(({ url }) => url === path);
    const found = exact.length > 0 ? exact : routes.filter(({ pattern }) => pattern.test(path));
    return [...new Set(found.flatMap(({ methods }) => methods))].toSorted();
  };
}
