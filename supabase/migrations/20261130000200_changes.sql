-- Keeps a row as it is for its watchers, under the next number of its owner. The owner must be locked.
create function private.keep_change(run public.runs, kind text, durable_before bigint) returns bigint language plpgsql set search_path = '' as $$
declare
  number bigint;
begin
  update private.owners o set last_change = last_change + 1 where o.owner = run.owner returning last_change into number;
  insert into public.run_changes
    values (run.owner, number, run.id, kind, run.status, run.requested, run.phase, run.done, run.total, run.per_second, run.error,
      durable_before, run.durable, private.now_ms());
  return number;
end
$$;

-- Numbers what was written to a row and keeps it for its watchers. The owner must be locked.
create function private.note_change(run_id text) returns void language plpgsql set search_path = '' as $$
declare
  run public.runs;
  last public.run_changes;
  before bigint;
  what text := 'status';
begin
  select * into run from public.runs r where r.id = note_change.run_id;
  select * into last from public.run_changes c where c.run_id = note_change.run_id order by c.change desc limit 1;
  before := coalesce(last.durable, 0);
  if private.is_terminal(run.status) then
    what := 'done';
  elsif (run.status, run.requested, run.phase, run.error) is not distinct from (last.status, last.requested, last.phase, last.error) then
    what := 'progress';
  end if;
  if what = 'done' and run.durable > before then
    -- The end is told after the last bars.
    perform private.keep_change(run, 'progress', before);
    before := run.durable;
  end if;
  update public.runs r set change = private.keep_change(run, what, before) where r.id = run.id;
  -- Items are told of with their batch.
  if what = 'done' and run.batch_id is null then
    perform private.queue_deliveries(run.owner, run.kind, run.id, run.status, run.epoch);
  end if;
end
$$;

-- Kept changes and the live progress of rows, merged in one statement, since each must see what the other sees.
create function public.changes_after(owner text, run_id text, after bigint, at_most integer) returns json
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
begin
  return (
    select coalesce(json_agg(row_to_json(page)), '[]') from (
      select * from (
        (select c.change, c.run_id, (select r.kind from public.runs r where r.id = c.run_id) as run_kind, c.kind, c.status, c.requested, c.phase, c.done, c.total, c.per_second, c.error, c.durable_before, c.durable,
          c.at, true as kept
        from public.run_changes c
        where c.owner = changes_after.owner and c.change > after and (changes_after.run_id is null or c.run_id = changes_after.run_id)
        order by c.change limit at_most)
        union all
        (select r.change, r.id, r.kind, 'progress', r.status, r.requested, r.phase, r.done, r.total, r.per_second, r.error, r.durable, r.durable, 0, false
        from public.runs r
        where r.owner = changes_after.owner and r.change > after and (changes_after.run_id is null or r.id = changes_after.run_id)
          and not exists (select 1 from public.run_changes c where c.owner = r.owner and c.change = r.change)
        order by r.change limit at_most)
      ) as both_kinds
      order by change limit at_most
    ) page
  );
end
$$;

create function public.last_change(owner text) returns bigint language sql stable security definer set search_path = '' as $$
  select coalesce(max(r.change), 0) from public.runs r where r.owner = last_change.owner
$$;

call private.for_service_only('changes_after', 'last_change');
