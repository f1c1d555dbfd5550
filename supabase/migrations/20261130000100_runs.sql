-- Times are milliseconds since 1970 UTC. Texts that are ordered by compare byte by byte, as in the embedded store.
create table public.batches (
  id text collate "C" primary key,
  owner text collate "C" not null,
  name text not null,
  status text not null,
  requested text,
  created_at bigint not null,
  started_at bigint,
  finished_at bigint,
  error jsonb,
  epoch bigint not null,
  sequence bigint not null,
  version bigint not null
);
create index batches_open on public.batches (created_at, id) where status not in ('completed', 'failed', 'cancelled');
create index batches_by_owner on public.batches (owner, created_at, id);

create table public.runs (
  id text collate "C" primary key,
  kind text not null,
  owner text collate "C" not null,
  name text not null,
  name_folded text not null, -- how letters are folded depends on the database; the service does it
  tags text[] not null,
  strategy text not null,
  symbols text[] not null,
  timeframe text not null,
  status text not null,
  requested text,
  phase text,
  done bigint not null,
  total bigint not null,
  per_second double precision not null,
  created_at bigint not null,
  started_at bigint,
  finished_at bigint,
  error jsonb,
  metrics jsonb,
  version bigint not null,
  change bigint not null,
  durable bigint not null,
  batch_id text collate "C" references public.batches (id),
  batch_index integer,
  spec jsonb not null,
  result jsonb,
  checkpoint jsonb,
  verifies text,
  epoch bigint not null,
  sequence bigint not null,
  stored_bytes bigint not null default 0
);
-- Status and strategy ride along, so that a filter on them skips rows without reading them.
create index runs_by_time on public.runs (owner, created_at, id, status, strategy);
-- Of every owner, for operators.
create index runs_of_all on public.runs (created_at, id, status, strategy);
create index runs_by_change on public.runs (owner, change);
create index runs_open on public.runs (created_at, id)
  where status not in ('completed', 'failed', 'cancelled') and batch_id is null;
create index runs_open_by_owner on public.runs (owner) where status not in ('completed', 'failed', 'cancelled');
create index runs_stored on public.runs (owner, stored_bytes) where stored_bytes > 0;
create index runs_of_batch_by_time on public.runs (batch_id, created_at, id, status) where batch_id is not null;
create unique index runs_of_batch on public.runs (batch_id, batch_index) where batch_id is not null;

-- symbol:AAPL and tag:demo, in the order of lists.
create table public.run_labels (
  owner text collate "C" not null,
  label text collate "C" not null,
  created_at bigint not null,
  id text collate "C" not null references public.runs (id) on delete cascade,
  primary key (owner, label, created_at, id)
);
create index run_labels_by_run on public.run_labels (id);

create table public.idempotency_keys (
  owner text collate "C" not null,
  key text collate "C" not null,
  fingerprint text not null,
  run_id text collate "C" not null references public.runs (id) on delete cascade,
  expires_at bigint not null,
  primary key (owner, key)
);
create index idempotency_keys_by_run on public.idempotency_keys (run_id);

-- What watchers are told, as it was; live progress stands in the row alone. Numbers go up within an owner.
create table public.run_changes (
  owner text collate "C" not null,
  change bigint not null,
  run_id text collate "C" not null references public.runs (id) on delete cascade,
  kind text not null,
  status text not null,
  requested text,
  phase text,
  done bigint not null,
  total bigint not null,
  per_second double precision not null,
  error jsonb,
  durable_before bigint not null,
  durable bigint not null,
  at bigint not null,
  primary key (owner, change)
);
create index run_changes_by_run on public.run_changes (run_id, change);

call private.readable_by_owner('public.batches');
call private.readable_by_owner('public.runs');
call private.readable_by_owner('public.run_labels');
call private.readable_by_owner('public.idempotency_keys');
call private.readable_by_owner('public.run_changes');

-- A row as the service knows it.
create view private.full_runs as
  select id, kind, owner, name, tags, strategy, symbols, timeframe, status, requested, phase, done, total, per_second, created_at, started_at,
    finished_at, error, metrics, version, change, durable, batch_id, batch_index, spec, result, checkpoint, verifies, epoch, sequence
  from public.runs;
