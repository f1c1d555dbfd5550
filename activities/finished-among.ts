import type { Ports } from './ports.ts';

/** Which of these runs have ended. */
export function finishedAmong({ results }: Pick<Ports, 'results'>) {
  return async (ids: readonly string[]): Promise<string[]> => (await results.finishedAmong(ids)).map(({ id }) => id);
}
