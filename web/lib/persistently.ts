const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Loads a part of the page's code, and does not give up while the service is away: what was shown stays, and the part comes once it can. Fails where the service
 * answers and has no such code any more: a newer page was put in its place.
 */
export function persistently<Module>(load: () => Promise<Module>): () => Promise<Module> {
  return async () => {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
      try {
        return await load();
      } catch (error) {
        // It may have come back between the two questions.
        if (await answers()) return load().catch(() => Promise.reject(error));
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  };
}

function answers(): Promise<boolean> {
  return fetch(location.pathname, { method: 'HEAD', cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );
}
