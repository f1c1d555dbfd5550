import { ObjectChanged, type Bucket, type BucketPlace } from './bucket.ts';
import { statusOf } from './failure.ts';

/** Where nothing else says it; servers other than Amazon's take any. */
const DEFAULT_REGION = 'us-east-1';

/** A bucket of S3, or of a server that speaks its protocol. Credentials come from where the AWS clients look for them. */
export async function openS3Bucket({ bucket, endpoint, region }: BucketPlace): Promise<Bucket> {
  const { GetObjectCommand, paginateListObjectsV2, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    followRegionRedirects: true,
    ...(region !== undefined && { region }),
    // Names of buckets are seldom names of hosts elsewhere.
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true, region: region ?? DEFAULT_REGION }),
  });
  return {
    async *list(prefix) {
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix }))
        for (const { Key, Size, ETag } of Contents) yield { name: Key!, bytes: Size!, version: ETag! };
    },
    async *read({ name, version }, { from, to }, signal) {
      const command = new GetObjectCommand({ Bucket: bucket, Key: name, IfMatch: version, Range: `bytes=${from}-${to - 1}` });
      const answer = await client.send(command, signal === undefined ? {} : { abortSignal: signal }).catch((error: unknown) => {
        throw [404, 412].includes(statusOf(error) ?? 0) ? new ObjectChanged(`${name} was changed`, { cause: error }) : error;
      });
      yield* answer.Body as unknown as AsyncIterable<Uint8Array>; // a stream of Node
    },
  };
}
