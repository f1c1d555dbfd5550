-- Of every owner, for operators.
CREATE INDEX runs_of_all ON runs (created_at, id, status, strategy);

CREATE TABLE blocks (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  by TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
