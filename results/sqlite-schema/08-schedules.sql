CREATE TABLE schedules (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  spec TEXT NOT NULL,
  timing TEXT NOT NULL,
  begins_paused INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  applied INTEGER NOT NULL,
  removed INTEGER NOT NULL
) STRICT;
CREATE INDEX schedules_by_time ON schedules (owner, created_at, id) WHERE removed = 0;
CREATE INDEX schedules_unapplied ON schedules (changed_at) WHERE applied < version;

CREATE TABLE schedule_keys (
  owner TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  schedule_id TEXT NOT NULL REFERENCES schedules (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX schedule_keys_by_schedule ON schedule_keys (schedule_id);
CREATE INDEX schedule_keys_by_expiry ON schedule_keys (expires_at);

-- A run may be deleted, and its night stays.
CREATE TABLE nights (
  launch TEXT PRIMARY KEY,
  schedule_id TEXT NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
  owner TEXT NOT NULL,
  nominal_at INTEGER NOT NULL,
  launched_at INTEGER NOT NULL,
  run_id TEXT,
  error TEXT,
  comparison TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX nights_by_time ON nights (schedule_id, nominal_at, launch);
CREATE INDEX nights_by_run ON nights (run_id);
