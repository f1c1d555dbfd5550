-- What the sign-in said of an owner the last time.
CREATE TABLE owners (
  owner TEXT PRIMARY KEY,
  plan TEXT
) STRICT, WITHOUT ROWID;

ALTER TABLE credentials DROP COLUMN plan;
