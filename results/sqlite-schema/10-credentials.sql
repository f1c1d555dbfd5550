CREATE TABLE credentials (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  start TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  run_id TEXT REFERENCES runs (id) ON DELETE CASCADE,
  plan TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  last_used_at INTEGER
) STRICT;
CREATE INDEX credentials_by_owner ON credentials (owner, kind, created_at, id);
CREATE INDEX credentials_by_run ON credentials (run_id) WHERE run_id IS NOT NULL;
