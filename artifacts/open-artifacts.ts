import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createS3Bucket } from './bucket.ts';
import { createCachedStore } from './cached-store.ts';
import { createGcsBucket } from './gcs-bucket.ts';
import { createFolderStore } from './folder-store.ts';
import { createObjectStore } from './object-store.ts';
import type { ArtifactStore } from './store.ts';
import { createBucketFiles, createFolderFiles, type StoredFiles } from './stored-files.ts';

/** Where artifacts are kept, if not in a folder. Plain values, since threads and the processes of modules are told, too. */
export interface ArtifactPlace {
  /** `s3://bucket/prefix` or `gs://bucket/prefix` */
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
  const { protocol, hostname, pathname } = new URL(place.address);
  const prefix = pathname.replace(/^\/+|\/+$/g, '');
  const within = prefix === '' ? '' : `${prefix}/`;
  const bucket =
    protocol === 'gs:' ? createGcsBucket(hostname, within, gcsOptions(place.env)) : createS3Bucket(hostname, within, s3Options(place.env));
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
  const isAbout = (name: string): boolean => (address.startsWith('gs:') ? GCS_VARIABLES.includes(name) : name.startsWith('AWS_'));
  const given = Object.entries(env).filter((entry): entry is [string, string] => isAbout(entry[0]) && Boolean(entry[1]));
  return { address, cacheMb, env: Object.fromEntries(given) };
}

const GCS_VARIABLES = ['GOOGLE_APPLICATION_CREDENTIALS', 'STORAGE_EMULATOR_HOST'];

function gcsOptions({ GOOGLE_APPLICATION_CREDENTIALS: keyFile, STORAGE_EMULATOR_HOST: endpoint }: ArtifactPlace['env']) {
  return { ...(keyFile !== undefined && { keyFile }), ...(endpoint !== undefined && { endpoint }) };
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
