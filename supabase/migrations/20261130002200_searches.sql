-- Supabase keeps extensions in a schema of their own; a project may have these already, and elsewhere.
create schema if not exists extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists btree_gin with schema extensions;

-- A text is looked for by its groups of three letters, within the owner's runs.
do $$ begin
  execute format('create index runs_by_text on public.runs using gin (owner %I.text_ops, name_folded %I.gin_trgm_ops) with (gin_pending_list_limit = 512)', -- kB, read through by each search
    (select extnamespace::regnamespace from pg_catalog.pg_extension where extname = 'btree_gin'),
    (select extnamespace::regnamespace from pg_catalog.pg_extension where extname = 'pg_trgm'));
end $$;

-- All that lists filter by is in the index that has their order: runs are read when it is known which are shown.
drop index public.runs_by_time;
create index runs_by_time on public.runs (owner, created_at, id, kind, status, strategy, batch_id, name_folded);

-- A page of an owner's runs, or (null) of those of all owners. First it is found which runs are shown, from indexes in the order of the page; these
-- are then read. A label leads to few runs: with one, its table is walked, with two both are, side by side, and the runs are looked up one by one
-- (`limit 1`: a join would be taken to give a single row, and be sorted). With a text, the runs that have it may be fewer still, and come first.
-- The values are known when the statement is planned, and filters that were not given fall away.
create or replace function public.list_runs(owner text, query jsonb) returns json
language plpgsql stable security definer set search_path = '' as $$
declare
  labels text[] := array(select jsonb_array_elements_text(query -> 'labels'));
  statuses text[] := case when query ? 'statuses' then array(select jsonb_array_elements_text(query -> 'statuses')) end;
  pattern text := '%' || regexp_replace(query ->> 'text', '([\\%_])', '\\\1', 'g') || '%';
  is_newest boolean := query ->> 'order' = 'newest';
  looked_up text := case when query ? 'text' then 'join public.runs r on r.owner = l.owner and r.created_at = l.created_at and r.id = l.id'
    else 'cross join lateral (select * from public.runs r where r.owner = l.owner and r.created_at = l.created_at and r.id = l.id limit 1) r' end;
  page json;
begin
  execute format($statement$
    with shown as materialized (
      select %2$s.created_at, %2$s.id
      from %1$s
      where ($1 is null or %2$s.owner = $1)
        and ($2 ->> 'kind' is null or r.kind = $2 ->> 'kind')
        and ($4 is null or r.status = any ($4))
        and ($2 ->> 'strategy' is null or r.strategy = $2 ->> 'strategy')
        and ($2 ->> 'batch_id' is null or r.batch_id = $2 ->> 'batch_id')
        and ($5 is null or r.name_folded like $5)
        and ($2 ->> 'created_from' is null or %2$s.created_at >= ($2 ->> 'created_from')::bigint)
        and ($2 ->> 'created_to' is null or %2$s.created_at <= ($2 ->> 'created_to')::bigint)
        and ($2 -> 'after' is null
          or (%2$s.created_at, %2$s.id) %3$s (($2 -> 'after' ->> 'created_at')::bigint, $2 -> 'after' ->> 'id'))
      order by %2$s.created_at %4$s, %2$s.id %4$s
      limit ($2 ->> 'limit')::integer
    )
    select coalesce(json_agg(row_to_json(page)), '[]') from (
      select r.id, r.kind, r.owner, r.name, r.tags, r.strategy, r.symbols, r.timeframe, r.status, r.requested, r.phase, r.done, r.total,
        r.per_second, r.created_at, r.started_at, r.finished_at, r.error, r.metrics, r.version, r.change, r.durable, r.batch_id, r.batch_index
      from shown s join public.runs r on r.id = s.id
      order by s.created_at %4$s, s.id %4$s
    ) page$statement$,
    case cardinality(labels)
      when 0 then 'public.runs r'
      when 1 then '(select * from public.run_labels where label = $3[1]) l ' || looked_up
      else $labelled$(
        select l.* from public.run_labels l join public.run_labels o on o.owner = l.owner and o.created_at = l.created_at and o.id = l.id
        where l.label = $3[1] and o.label = $3[2]
      ) l $labelled$ || looked_up
    end,
    case when cardinality(labels) = 0 then 'r' else 'l' end,
    case when is_newest then '<' else '>' end,
    case when is_newest then 'desc' else 'asc' end)
  into page using owner, query, labels, statuses, pattern;
  return page;
end
$$;
