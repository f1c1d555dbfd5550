CREATE TABLE batches (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  requested TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  error TEXT,
  epoch INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX batches_open ON batches (created_at, id) WHERE status NOT IN ('completed', 'failed', 'cancelled');

ALTER TABLE runs ADD COLUMN batch_id TEXT REFERENCES batches (id);
ALTER TABLE runs ADD COLUMN batch_index INTEGER;
CREATE INDEX runs_by_batch ON runs (batch_id, batch_index, status) WHERE batch_id IS NOT NULL;
