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
