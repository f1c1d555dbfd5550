/** Where files of a source lie. */
export interface FilePlace {
  /** Of the source, for errors. */
  source: string;
  /** An absolute path, or `s3://bucket/prefix`, `gs://bucket/prefix`. */
  path: string;
  format: 'parquet' | 'csv';
  /** Of a server that speaks the protocol of the bucket. */
  endpoint?: string | undefined;
  region?: string | undefined;
}

/** A file of a source. */
export interface StoredFile {
  /** Below the place, with slashes: `symbol=AAPL/2024.parquet`. */
  key: string;
  bytes: number;
  /** Another one when the file has changed. */
  version: string;
}

/** Files on this machine, which stay until they are closed. */
export interface LocalFiles<File extends StoredFile> {
  /** Folder that all of them are in. */
  root: string;
  files: (File & { path: string })[];
  close(): Promise<void>;
}

/** The files of a place. Fails with `source_unavailable` for what may pass, else with `source_refused`. */
export interface FileStorage {
  list(): Promise<StoredFile[]>;
  /** Paths end with the key. Of Parquet files the `ends` are enough for what the metadata says. */
  open<File extends StoredFile>(files: readonly File[], part: 'whole' | 'ends', signal?: AbortSignal): Promise<LocalFiles<File>>;
}

/** The path of a place in a bucket. */
export const BUCKET = /^(?<kind>s3|gs):\/\/(?<bucket>[a-z0-9][a-z0-9._-]{1,61}[a-z0-9])(?:\/(?<prefix>[^\0]*))?$/;
