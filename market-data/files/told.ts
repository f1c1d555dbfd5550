import { HoldfastError } from '../../shared/errors.ts';
import { TableError } from './table-session.ts';

/** Does it, and puts what the database says into words of the source. */
export async function told<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw inWords(name, error);
  }
}

export function inWords(name: string, error: unknown): unknown {
  if (!(error instanceof TableError)) return error;
  return new HoldfastError('source_refused', `The files of the source "${name}" could not be read: ${error.message.split('\n')[0]}`, {
    cause: error,
  });
}
