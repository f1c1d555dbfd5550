/** Tables whose rows name files in the artifact store. */
export const NAMING_TABLES = ['runs', 'trial_shards', 'trial_tables', 'uploads', 'run_histories'] as const;
export type NamingTable = (typeof NAMING_TABLES)[number];

/** Some rows of a table, in the order of its key. */
interface NamingPage {
  /** What of the rows holds references: results, datasets, tables. */
  files: unknown[];
  /** References to checkpoints, which name further files. */
  checkpoints: unknown[];
  /** Key of the last row; null where there are no more. */
  next: string | null;
}

/** The intents of a result store that are about how long things are kept; each is one transaction. */
export interface RetentionStore {
  /** Rows behind a key ('' for the first ones), of every owner. */
  namingRows(table: NamingTable, after: string, limit: number): Promise<NamingPage>;
  /** Deletes runs and batches that finished before a moment, at most `limit` of each; gives how many rows. */
  removeFinished(before: number, limit: number): Promise<number>;
  /** Deletes every row of an owner; false, and nothing done, while the owner has anything that is not finished, or a schedule. */
  forget(owner: string): Promise<boolean>;
}
