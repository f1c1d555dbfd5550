-- Histories of the workflows of runs that have ended; without a file where Temporal had none.
CREATE TABLE run_histories (
  run_id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  owner TEXT NOT NULL,
  finished_at INTEGER NOT NULL,
  ref TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX run_histories_by_owner ON run_histories (owner);
CREATE INDEX runs_by_end ON runs (finished_at, id) WHERE finished_at IS NOT NULL AND batch_id IS NULL;
