CREATE TABLE last_change (number INTEGER NOT NULL) STRICT;
INSERT INTO last_change SELECT coalesce(max(rowid), 0) FROM runs;

ALTER TABLE runs ADD COLUMN change INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN durable INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET change = rowid, durable = iif(checkpoint IS NULL, 0, done);
CREATE INDEX runs_by_change ON runs (owner, change);

-- What watchers are told, as it was; live progress stands in the row alone.
CREATE TABLE run_changes (
  change INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  requested TEXT,
  phase TEXT,
  done INTEGER NOT NULL,
  total INTEGER NOT NULL,
  per_second REAL NOT NULL,
  error TEXT,
  durable_before INTEGER NOT NULL,
  durable INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX run_changes_by_owner ON run_changes (owner, change);
CREATE INDEX run_changes_by_run ON run_changes (run_id, change);
INSERT INTO run_changes
  SELECT change, owner, id, iif(status IN ('completed', 'failed', 'cancelled'), 'done', 'status'), status, requested, phase, done, total,
    per_second, error, 0, durable, coalesce(finished_at, created_at) FROM runs;
