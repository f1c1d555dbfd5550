-- Rows of a table that name files in the artifact store, behind a key: what of them holds references, checkpoints (which name further files), and the
-- key of the last row.
create function public.naming_rows(table_name text, after text, at_most integer) returns json
language plpgsql stable security definer set search_path = '' as $$
declare
  key text := 'id';
  file text := 'ref';
  checkpoint text := 'null::jsonb';
  page json;
begin
  case table_name
    when 'runs' then
      -- Of a sweep it is the dataset.
      file := $sql$jsonb_build_array(result, case when kind = 'sweep' then checkpoint end)$sql$;
      checkpoint := $sql$case when kind = 'backtest' then checkpoint end$sql$;
    when 'trial_shards' then key := $sql$(sweep_id || '/' || family || '/' || lpad(first::text, 10, '0')) collate "C"$sql$;
    when 'trial_tables' then key := $sql$lpad(id::text, 20, '0') collate "C"$sql$;
    when 'uploads' then key := $sql$(owner || '/' || name) collate "C"$sql$;
  end case;
  execute format($statement$
    select json_build_object('files', coalesce(json_agg(page.file), '[]'), 'checkpoints', coalesce(json_agg(page.checkpoint), '[]'),
      'next', case when count(*) = $2 then max(page.key) end)
    from (
      select %1$s as key, %2$s as file, %3$s as checkpoint from public.%4$I where %1$s > $1 order by 1 limit $2
    ) page$statement$, key, file, checkpoint, table_name)
  into page using after, at_most;
  return page;
end
$$;

create index runs_finished on public.runs (finished_at) where status in ('completed', 'failed', 'cancelled');
create index batches_finished on public.batches (finished_at) where status in ('completed', 'failed', 'cancelled');

-- Deletes runs and batches that finished before a moment, some of each; gives how many rows. A batch goes after its items.
create function public.remove_finished(before bigint, at_most integer) returns bigint language plpgsql security definer set search_path = '' as $$
declare
  ids text[] := array(
    select r.id from public.runs r
    where r.status in ('completed', 'failed', 'cancelled') and r.finished_at < before order by r.finished_at limit at_most
  );
  runs bigint;
  batches bigint;
begin
  perform private.lock_owners(array(select r.owner from public.runs r where r.id = any (ids)));
  delete from public.runs r where r.id = any (ids) and r.finished_at < before and private.is_terminal(r.status);
  get diagnostics runs = row_count;
  delete from public.batches b where b.id in (
    select f.id from public.batches f
    where f.status in ('completed', 'failed', 'cancelled') and f.finished_at < before
      and not exists (select 1 from public.runs r where r.batch_id = f.id)
    limit at_most
  );
  get diagnostics batches = row_count;
  return runs + batches;
end
$$;

-- Deletes every row of an owner, in every table that has owners; false, and nothing done, while there is anything that is not finished, or a schedule.
create function public.forget(owner text) returns boolean language plpgsql security definer set search_path = '' as $$
declare
  owned regclass;
begin
  perform private.lock_owner(owner);
  if exists (select 1 from public.runs r where r.owner = forget.owner and not private.is_terminal(r.status))
    or exists (select 1 from public.batches b where b.owner = forget.owner and not private.is_terminal(b.status))
    or exists (select 1 from public.schedules s where s.owner = forget.owner) then
    return false;
  end if;
  -- Items before their batch.
  delete from public.runs r where r.owner = forget.owner;
  for owned in
    select c.oid from pg_catalog.pg_class c
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = 'owner' and not a.attisdropped
    where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
  loop
    execute format('delete from %s where owner = $1', owned) using owner;
  end loop;
  return true;
end
$$;

call private.for_service_only('naming_rows', 'remove_finished', 'forget');
