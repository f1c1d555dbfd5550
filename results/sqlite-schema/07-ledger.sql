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
