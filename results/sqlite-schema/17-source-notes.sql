-- What sources of everyone were found to hold when somebody asked them, and what was found in their bars when a run fetched them.
CREATE TABLE source_coverages (
  source TEXT NOT NULL PRIMARY KEY,
  version TEXT NOT NULL,
  coverage TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE symbol_checks (
  source TEXT NOT NULL,
  symbol TEXT NOT NULL,
  version TEXT NOT NULL,
  quality TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (source, symbol)
) STRICT, WITHOUT ROWID;
