import { HoldfastError } from '../../../shared/errors.ts';

/** Errors of both client libraries. */
interface ClientError {
  name?: string;
  message?: string;
  status?: number;
  $metadata?: { httpStatusCode?: number };
}

/** Client errors that pass: timeout, too many requests. */
const PASSING = [408, 429];

/** What a client library of a bucket says, in words of the source. */
export function bucketError(source: string, path: string, error: unknown): HoldfastError {
  if (error instanceof HoldfastError) return error;
  const { message = '' } = error as ClientError;
  const said = `The source "${source}" could not read ${path}: ${message.trim().split('\n')[0]}`;
  if (isFinal(error)) return new HoldfastError('source_refused', `${said}. ${adviceFor(statusOf(error))}`, { cause: error });
  return new HoldfastError('source_unavailable', `${said}. It is tried again.`, { cause: error });
}

/** Whether doing the same again cannot help, even later. */
function isFinal(error: unknown): boolean {
  const status = statusOf(error);
  const { name = '', message = '' } = error as ClientError;
  if (status === undefined) return name === 'CredentialsProviderError' || /default credentials/.test(message);
  return status >= 400 && status < 500 && !PASSING.includes(status);
}

/** HTTP status; absent without an answer. */
export function statusOf(error: unknown): number | undefined {
  const { status, $metadata } = error as ClientError;
  return $metadata?.httpStatusCode ?? status;
}

function adviceFor(status: number | undefined): string {
  if (status === 404) return 'Compare bucket and endpoint of the source with the console.';
  return 'Give the process credentials that may list and read the bucket.';
}
