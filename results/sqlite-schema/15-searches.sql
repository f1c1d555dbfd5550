-- A search by text reads the names here, and only the runs that it shows.
CREATE INDEX runs_by_name ON runs (owner, created_at, id, kind, name_folded);
