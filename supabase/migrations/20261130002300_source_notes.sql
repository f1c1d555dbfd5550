-- What sources of everyone were found to hold when somebody asked them, and what was found in their bars when a run fetched them. They have no owner, and
-- nobody but the service reads them.
create table private.source_coverages (
  source text collate "C" primary key,
  version text not null,
  coverage jsonb not null,
  at bigint not null
);
create table private.symbol_checks (
  source text collate "C" not null,
  symbol text collate "C" not null,
  version text not null,
  quality jsonb not null,
  at bigint not null,
  primary key (source, symbol)
);
alter table private.source_coverages enable row level security;
alter table private.symbol_checks enable row level security;

create function public.keep_coverage(note jsonb) returns void language sql security definer set search_path = '' as $$
  insert into private.source_coverages as old select * from jsonb_populate_record(null::private.source_coverages, note)
  on conflict (source) do update set version = excluded.version, coverage = excluded.coverage, at = excluded.at where excluded.at >= old.at
$$;

-- In the order of their symbols, so that two at once do not wait for each other.
create function public.keep_checks(checks jsonb) returns void language sql security definer set search_path = '' as $$
  insert into private.symbol_checks as old
  select * from jsonb_populate_recordset(null::private.symbol_checks, checks) c order by c.source, c.symbol
  on conflict (source, symbol) do update set version = excluded.version, quality = excluded.quality, at = excluded.at where excluded.at >= old.at
$$;

create function public.source_notes() returns json language sql stable security definer set search_path = '' as $$
  select json_build_object(
    'coverages', (select coalesce(json_agg(row_to_json(c) order by c.source), '[]') from private.source_coverages c),
    'checked', (
      select coalesce(json_agg(row_to_json(k) order by k.source), '[]')
      from (
        select c.source, c.version, count(*) as symbols, count(*) filter (where c.quality -> 'findings' <> '[]') as flawed, max(c.at) as at
        from private.symbol_checks c group by c.source, c.version
      ) k
    )
  )
$$;

create function public.symbol_checks(source text, version text) returns json language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(row_to_json(c) order by c.symbol), '[]') from private.symbol_checks c
  where c.source = symbol_checks.source and c.version = symbol_checks.version
$$;

call private.for_service_only('keep_coverage', 'keep_checks', 'source_notes', 'symbol_checks');
