import type { DatabaseSync } from 'node:sqlite';
import { HoldfastError } from '../shared/errors.ts';

/** Written once and never changed: a later version appends a step. `PRAGMA user_version` counts the steps done. */
const STEPS = [
  `
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
  `,
  `
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
  `,
  'ALTER TABLE runs ADD COLUMN verifies TEXT;',
  `
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
  `,
  `
  -- What metered sources were asked to scan: once a day for each fetch, however often it is tried.
  CREATE TABLE scans (
    key TEXT NOT NULL,
    day INTEGER NOT NULL,
    owner TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (key, day)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX scans_by_owner ON scans (owner, day, bytes);
  `,
  `
  CREATE TABLE uploads (
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    ref TEXT NOT NULL,
    timeframe TEXT NOT NULL,
    symbols TEXT NOT NULL,
    quality TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (owner, name)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- How much was tried: sums of the Sharpe ratios of distinct trials.
  CREATE TABLE ledger (
    id INTEGER PRIMARY KEY,
    owner TEXT NOT NULL,
    strategy TEXT NOT NULL,
    source TEXT NOT NULL,
    symbols TEXT NOT NULL,
    trials INTEGER NOT NULL,
    ratios INTEGER NOT NULL,
    sum REAL NOT NULL,
    squares REAL NOT NULL,
    UNIQUE (owner, strategy, source, symbols)
  ) STRICT;
  CREATE TABLE ledger_trials (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    PRIMARY KEY (ledger_id, name)
  ) STRICT, WITHOUT ROWID;
  `,
  `
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
  `,
  `
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
  `,
  `
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
  `,
  `
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
  `,
  `
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
  `,
  `
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
  `,
];

/** Brings the file to the newest schema. Safe when several processes open a new file at once. */
export function migrate(db: DatabaseSync): void {
  if (schemaVersion(db) === STEPS.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    const version = schemaVersion(db);
    if (version > STEPS.length) {
      throw new HoldfastError(
        'store_unavailable',
        `The row store has schema ${version}, this program knows ${STEPS.length}: update the program`,
      );
    }
    for (const step of STEPS.slice(version)) db.exec(step);
    db.exec(`PRAGMA user_version = ${STEPS.length}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function schemaVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
}
