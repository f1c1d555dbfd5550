-- Histories of the workflows of runs that have ended; without a file where Temporal had none.
create table public.run_histories (
  run_id text collate "C" primary key references public.runs (id) on delete cascade,
  owner text collate "C" not null,
  finished_at bigint not null,
  ref jsonb
);
create index run_histories_by_owner on public.run_histories (owner);
call private.readable_by_owner('public.run_histories');

create index runs_by_end on public.runs (finished_at, id) where finished_at is not null and batch_id is null;

-- Runs of every owner that ended after a moment and of whose end no history was kept, first ended first.
create function public.without_history(finished_after bigint, at_most integer) returns json
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(row_to_json(page)), '[]') from (
    select r.id as run_id, r.kind, r.owner, r.finished_at from public.runs r
    where r.finished_at > finished_after and r.finished_at is not null and r.batch_id is null
      and not exists (select 1 from public.run_histories h where h.run_id = r.id and h.finished_at = r.finished_at)
    order by r.finished_at, r.id limit at_most
  ) page
$$;

create function public.keep_history(run_id text, finished_at bigint, ref jsonb) returns void
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
begin
  insert into public.run_histories (run_id, owner, finished_at, ref)
    select r.id, r.owner, keep_history.finished_at, nullif(keep_history.ref, 'null') from public.runs r where r.id = keep_history.run_id
  on conflict (run_id) do update set finished_at = excluded.finished_at, ref = excluded.ref;
end
$$;

create function public.history_of(owner text, run_id text) returns jsonb language sql stable security definer set search_path = '' as $$
  select h.ref from public.run_histories h where h.run_id = history_of.run_id and h.owner = history_of.owner
$$;

-- Rows of a table that name files in the artifact store, behind a key: what of them holds references, checkpoints (which name further files), and the
-- key of the last row.
create or replace function public.naming_rows(table_name text, after text, at_most integer) returns json
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
    when 'run_histories' then key := 'run_id';
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

call private.for_service_only('without_history', 'keep_history', 'history_of');
