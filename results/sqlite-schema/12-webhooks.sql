CREATE TABLE webhooks (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  url TEXT NOT NULL,
  secret TEXT NOT NULL,
  earlier_secret TEXT,
  statuses TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  disabled TEXT
) STRICT;
CREATE INDEX webhooks_by_owner ON webhooks (owner, id);

-- A row for each end of a run or batch and each webhook that wants it, written with the end.
CREATE TABLE deliveries (
  id TEXT PRIMARY KEY,
  webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  owner TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  subject_status TEXT,
  epoch INTEGER NOT NULL,
  status TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  response_status INTEGER,
  error TEXT,
  created_at INTEGER NOT NULL,
  last_attempt_at INTEGER,
  UNIQUE (webhook_id, subject_id, epoch)
) STRICT;
CREATE INDEX deliveries_by_webhook ON deliveries (owner, webhook_id, created_at, id);
CREATE INDEX deliveries_queued ON deliveries (created_at, id) WHERE status = 'queued';
