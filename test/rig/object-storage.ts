import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import S3rver from '@20minutes/s3rver';

/** A server that speaks S3, with one empty bucket; its files are in a folder of its own. */
export interface ObjectStorage extends AsyncDisposable {
  readonly endpoint: string;
  readonly bucket: string;
  /** As clients in this process want them, and the variables by which other processes find the server. */
  readonly options: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  readonly env: Record<string, string>;
  /** Makes every object look as if it had been stored so many hours ago. */
  age(hours: number): Promise<void>;
}

const BUCKET = 'holdfast-tests';
/** The only ones that the server knows. */
const KEY = 'S3RVER';

export async function startObjectStorage(): Promise<ObjectStorage> {
  const directory = mkdtempSync(path.join(tmpdir(), 'holdfast-s3-'));
  const configureBuckets = [{ name: BUCKET, configs: [] }];
  // It reckons signatures of lists and streams wrongly: it checks who signs and for how long, and not whether it was changed since.
  const checks = { allowMismatchedSignatures: true };
  const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets, ...checks });
  const { port } = await server.run();
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    bucket: BUCKET,
    options: { endpoint, region: 'us-east-1', credentials: { accessKeyId: KEY, secretAccessKey: KEY } },
    env: { AWS_ENDPOINT_URL_S3: endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: KEY, AWS_SECRET_ACCESS_KEY: KEY },
    async age(hours) {
      const then = Date.now() / 1_000 - hours * 3_600;
      for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
        const file = path.join(entry.parentPath, entry.name);
        // A file may be put in the place of another one meanwhile.
        if (entry.isFile()) await utimes(file, then, then).catch(() => undefined);
      }
    },
    async [Symbol.asyncDispose]() {
      server.httpServer.closeAllConnections();
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
