import type { Tidied } from '../activities/tidy.ts';
import { tidier } from './activity-options.ts';

/** Started by a schedule: removes what is no longer kept. */
export async function tidy(): Promise<Tidied> {
  return tidier.tidy();
}
