create function public.get_run(owner text, id text, kind text) returns json language sql stable security definer set search_path = '' as $$
  select row_to_json(r) from private.full_runs r where r.id = get_run.id and r.owner = get_run.owner and r.kind = get_run.kind
$$;

-- A page of an owner's runs, or (null) of those of all owners. It walks an index in the order of the page, so that nothing is sorted: a label leads to few runs, so with one its
-- table is walked and the runs are looked up. There are two at most, a symbol and a tag; the second
-- is looked up for each run that has the first (`exists` would be turned into a join with all that have it). The values are known when the statement is planned, and filters that were not given fall away.
create function public.list_runs(owner text, query jsonb) returns json
language plpgsql stable security definer set search_path = '' as $$
declare
  labels text[] := array(select jsonb_array_elements_text(query -> 'labels'));
  statuses text[] := case when query ? 'statuses' then array(select jsonb_array_elements_text(query -> 'statuses')) end;
  is_newest boolean := query ->> 'order' = 'newest';
  page json;
begin
  execute format($statement$
    select coalesce(json_agg(row_to_json(page)), '[]') from (
      select r.id, r.kind, r.owner, r.name, r.tags, r.strategy, r.symbols, r.timeframe, r.status, r.requested, r.phase, r.done, r.total,
        r.per_second, r.created_at, r.started_at, r.finished_at, r.error, r.metrics, r.version, r.change, r.durable, r.batch_id, r.batch_index
      from %1$s
      where ($1 is null or %2$s.owner = $1)
        and ($2 ->> 'kind' is null or r.kind = $2 ->> 'kind')
        and ($4 is null or r.status = any ($4))
        and ($2 ->> 'strategy' is null or r.strategy = $2 ->> 'strategy')
        and ($2 ->> 'batch_id' is null or r.batch_id = $2 ->> 'batch_id')
        and ($2 ->> 'text' is null or strpos(r.name_folded, $2 ->> 'text') > 0)
        and ($2 ->> 'created_from' is null or %2$s.created_at >= ($2 ->> 'created_from')::bigint)
        and ($2 ->> 'created_to' is null or %2$s.created_at <= ($2 ->> 'created_to')::bigint)
        and ($2 -> 'after' is null
          or (%2$s.created_at, %2$s.id) %3$s (($2 -> 'after' ->> 'created_at')::bigint, $2 -> 'after' ->> 'id'))
      order by %2$s.created_at %4$s, %2$s.id %4$s
      limit ($2 ->> 'limit')::integer
    ) page$statement$,
    case when cardinality(labels) = 0 then 'public.runs r' else $labelled$public.run_labels l join public.runs r
      on r.id = l.id and l.label = $3[1] and ($3[2] is null or (
        select true from public.run_labels o
        where o.owner = l.owner and o.label = $3[2] and o.created_at = l.created_at and o.id = l.id
      ))$labelled$ end,
    case when cardinality(labels) = 0 then 'r' else 'l' end,
    case when is_newest then '<' else '>' end,
    case when is_newest then 'desc' else 'asc' end)
  into page using owner, query, labels, statuses;
  return page;
end
$$;

-- Items are not among them: their batch is what is started again.
create function public.list_open_runs(created_before bigint, at_most integer, after_time bigint, after_id text) returns json
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
begin
  return (
    select coalesce(json_agg(row_to_json(page)), '[]') from (
      select r.* from private.full_runs r
      where r.status not in ('completed', 'failed', 'cancelled') and r.batch_id is null and r.created_at < created_before
        and (r.created_at, r.id) > (after_time, after_id)
      order by r.created_at, r.id limit at_most
    ) page
  );
end
$$;

create function public.finished_among(ids text[]) returns json language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_object('id', r.id, 'finished_at', r.finished_at)), '[]')
  from public.runs r where r.id = any (ids) and private.is_terminal(r.status)
$$;

-- Fails where nothing can be written now: it writes what is there.
create function public.check_store() returns void language plpgsql volatile security definer set search_path = '' as $$
begin
  perform private.lock_owner('');
  update private.owners set last_change = 0 where owner = '';
end
$$;

call private.for_service_only('get_run', 'list_runs', 'list_open_runs', 'finished_among', 'check_store');
