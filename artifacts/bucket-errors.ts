import { HoldfastError } from '../shared/errors.ts';

const REMEDIES: Readonly<Record<string, string>> = {
  NoSuchBucket: 'There is no such bucket. Check HOLDFAST_ARTIFACTS, or create it',
  AccessDenied: 'The key may not do this. Give it the right to read, write, list and delete objects of the bucket',
  InvalidAccessKeyId: 'The access key is not known there. Check AWS_ACCESS_KEY_ID',
  SignatureDoesNotMatch: 'The secret key is not the right one. Check AWS_SECRET_ACCESS_KEY and AWS_REGION',
  StorageError: 'The object storage refuses what it should do. Look at its status',
  CredentialsProviderError: 'No access key was found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  ExpiredToken: 'The access key has expired. Renew it',
};

/** `artifact_unavailable` with what to do, for whatever a bucket said; an error of the table is handed back as it is. */
export function asBucketError(error: unknown): Error {
  if (error instanceof HoldfastError || error instanceof RangeError) return error;
  if (!isOfBucket(error)) return error instanceof Error ? error : new Error(String(error));
  const remedy =
    REMEDIES[error.name] ?? 'The object storage does not answer as it should. Check its address (AWS_ENDPOINT_URL_S3) and the network';
  return new HoldfastError('artifact_unavailable', `${remedy} (${error.name}).`, { cause: error });
}

/** Of the SDK, or of the network below it; not what the source of a file threw. */
function isOfBucket(error: unknown): error is Error {
  return error instanceof Error && ('$metadata' in error || 'code' in error || error.name in REMEDIES || error.name === 'TimeoutError');
}
