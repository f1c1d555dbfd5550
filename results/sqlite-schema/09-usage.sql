-- Days are counted from 1970; what is counted stays when a run is deleted.
CREATE TABLE usage (
  owner TEXT NOT NULL,
  day INTEGER NOT NULL,
  trials INTEGER NOT NULL,
  cpu_seconds REAL NOT NULL,
  PRIMARY KEY (owner, day)
) STRICT, WITHOUT ROWID;

ALTER TABLE runs ADD COLUMN stored_bytes INTEGER NOT NULL DEFAULT 0;
CREATE INDEX runs_stored ON runs (owner, stored_bytes) WHERE stored_bytes > 0;
CREATE INDEX runs_open_by_owner ON runs (owner) WHERE status NOT IN ('completed', 'failed', 'cancelled');
