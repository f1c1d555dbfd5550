import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createS3Bucket } from './bucket.ts';
import { createCachedStore } from './cached-store.ts';
import { createFolderStore } from './folder-store.ts';
import { createObjectStore } from './object-store.ts';
import type { ArtifactStore } from './store.ts';
import { createBucketFiles, createFolderFiles, type StoredFiles } from './stored-files.ts';

/** Where artifacts are kept, if not in a folder. Plain values, since threads and the processes of modules are told, too. */
export interface ArtifactPlace {
  /** `s3://bucket/prefix` */
  address: string;
  /** Disk for copies of what lies there. */
  cacheMb: number;
  /** The variables that say where the bucket is, and with which key. */
  env: Readonly<Record<string, string>>;
}

/** The artifact store of a home folder: a folder in it, or a bucket with copies in it. */
export function openArtifacts(home: string, place: ArtifactPlace | null): { artifacts: ArtifactStore; files: StoredFiles } {
  if (place === null) {
    const folder = join(home, 'artifacts');
    mkdirSync(folder, { recursive: true });
    return { artifacts: createFolderStore({ folder }), files: createFolderFiles(folder) };
  }
  const { hostname, pathname } = new URL(place.address);
  const prefix = pathname.replace(/^\/+|\/+$/g, '');
  const bucket = createS3Bucket(hostname, prefix === '' ? '' : `${prefix}/`, s3Options(place.env));
  const cache = join(home, 'cache/artifacts');
  const remote = createObjectStore({ bucket, temporaryFolder: join(home, 'cache/sending') });
  return { artifacts: createCachedStore(remote, { folder: cache, bytes: place.cacheMb * 2 ** 20 }), files: createBucketFiles(bucket) };
}

/** The place that the settings name; null for the folder. */
export function artifactPlace(
  { HOLDFAST_ARTIFACTS: address, HOLDFAST_CACHE_MB: cacheMb }: { HOLDFAST_ARTIFACTS?: string | undefined; HOLDFAST_CACHE_MB: number },
  env: NodeJS.ProcessEnv,
): ArtifactPlace | null {
  if (address === undefined) return null;
  const aws = Object.entries(env).filter((entry): entry is [string, string] => entry[0].startsWith('AWS_') && Boolean(entry[1]));
  return { address, cacheMb, env: Object.fromEntries(aws) };
}

/** What the SDK would read from the environment of a process that has one: that of a module is empty. */
function s3Options(env: ArtifactPlace['env']) {
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REGION, AWS_DEFAULT_REGION } = env;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = env;
  const endpoint = AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL;
  return {
    ...(endpoint !== undefined && { endpoint }),
    region: AWS_REGION ?? AWS_DEFAULT_REGION ?? 'us-east-1',
    ...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) } }),
  };
}
