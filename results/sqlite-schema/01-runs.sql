CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL, -- lower() of SQLite knows ASCII only
  tags TEXT NOT NULL,
  strategy TEXT NOT NULL,
  symbols TEXT NOT NULL,
  timeframe TEXT NOT NULL,
  status TEXT NOT NULL,
  requested TEXT,
  phase TEXT,
  done INTEGER NOT NULL,
  total INTEGER NOT NULL,
  per_second REAL NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  error TEXT,
  metrics TEXT,
  spec TEXT NOT NULL,
  result TEXT,
  checkpoint TEXT,
  epoch INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;

-- Status and strategy ride along, so that a filter on them skips rows without reading them.
CREATE INDEX runs_by_time ON runs (owner, created_at, id, status, strategy);
CREATE INDEX runs_open ON runs (created_at, id) WHERE status NOT IN ('completed', 'failed', 'cancelled');

-- symbol:AAPL and tag:demo, in the order of lists.
CREATE TABLE run_labels (
  owner TEXT NOT NULL,
  label TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  PRIMARY KEY (owner, label, created_at, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_labels_by_run ON run_labels (id);

CREATE TABLE idempotency_keys (
  owner TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_run ON idempotency_keys (run_id);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
