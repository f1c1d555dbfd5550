CREATE INDEX sweeps_running ON runs (owner) WHERE kind = 'sweep' AND status = 'running';

CREATE TABLE trial_shards (
  sweep_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  family TEXT NOT NULL,
  first INTEGER NOT NULL,
  count INTEGER NOT NULL,
  cached INTEGER NOT NULL,
  cpu_seconds REAL NOT NULL,
  ref TEXT NOT NULL,
  PRIMARY KEY (sweep_id, family, first)
) STRICT, WITHOUT ROWID;

-- Known trials of an owner; they outlive the sweep that computed them.
CREATE TABLE trial_tables (
  id INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,
  family TEXT NOT NULL,
  uri TEXT NOT NULL,
  ref TEXT NOT NULL,
  UNIQUE (owner, family, uri)
) STRICT;
