-- Whether a change comes after the last applied one. Only another Temporal run (a reset, a restart) changes what is finished.
create function private.is_newer(projection jsonb, epoch bigint, sequence bigint, status text) returns boolean
language sql immutable set search_path = '' as $$
  select case
    when (projection ->> 'epoch')::bigint <> epoch then (projection ->> 'epoch')::bigint > epoch
    else (projection ->> 'sequence')::bigint > sequence and not private.is_terminal(status)
  end
$$;

-- Applies a workflow's change, whose members have the names of columns; false when it was stale. The owner must be locked.
create function private.project(projection jsonb) returns boolean language plpgsql set search_path = '' as $$
declare
  change jsonb := projection -> 'change';
  run public.runs;
  new public.runs;
  opens_again boolean;
begin
  select * into run from public.runs r where r.id = projection ->> 'run_id';
  if run.id is null or not private.is_newer(projection, run.epoch, run.sequence, run.status) then
    return false;
  end if;
  -- A cancel or an extension that was recorded before the end wins, although the run itself has not heard of it yet.
  if change ->> 'status' = 'completed' and (run.requested = 'cancel' or run.total > (change ->> 'of')::bigint) then
    return false;
  end if;
  opens_again := private.is_terminal(run.status) and not private.is_terminal(coalesce(change ->> 'status', run.status));
  if opens_again then
    change := '{"error": null, "finished_at": null, "result": null, "metrics": null, "stored_bytes": 0}'::jsonb || change;
  end if;
  new := jsonb_populate_record(run, change);
  -- A run that opens again may begin further back; what was stored stays stored.
  if change ? 'done' and change ? 'checkpoint' then
    new.durable := greatest(new.done, run.durable);
  end if;
  if not opens_again then
    new.done := greatest(new.done, run.done);
  end if;
  if private.is_terminal(new.status) or coalesce(change -> 'settled' ? run.requested, false) then
    new.requested := null;
  end if;
  update public.runs r
    set status = new.status, requested = new.requested, phase = new.phase, total = new.total, done = new.done, durable = new.durable,
      started_at = new.started_at, finished_at = new.finished_at, error = new.error, checkpoint = new.checkpoint, result = new.result,
      metrics = new.metrics, stored_bytes = new.stored_bytes, epoch = (projection ->> 'epoch')::bigint, sequence = (projection ->> 'sequence')::bigint, version = r.version + 1
    where r.id = run.id;
  perform private.note_change(run.id);
  if change -> 'result' -> 'manifest' is not null then
    perform private.add_usage(run.owner, 0, (change -> 'result' -> 'manifest' ->> 'cpuSeconds')::double precision);
  end if;
  return true;
end
$$;

-- Several changes in one transaction; gives whether each was applied.
create function public.project_runs(projections jsonb) returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  projection jsonb;
  applied jsonb := '[]';
begin
  perform private.lock_owners(array(
    select r.owner from public.runs r where r.id in (select p ->> 'run_id' from jsonb_array_elements(projections) p)
  ));
  for projection in select * from jsonb_array_elements(projections) loop
    applied := applied || to_jsonb(private.project(projection));
  end loop;
  return applied;
end
$$;

create function public.report_progress(run_id text, epoch bigint, done bigint, per_second double precision) returns void
language plpgsql security definer set search_path = '' as $$
declare
  owner_id text := (select r.owner from public.runs r where r.id = report_progress.run_id);
begin
  perform private.lock_owner(owner_id) where owner_id is not null;
  update public.runs r set done = report_progress.done, per_second = report_progress.per_second, version = r.version + 1
    where r.id = report_progress.run_id and r.epoch = report_progress.epoch and r.done < report_progress.done
      and not private.is_terminal(r.status);
  if found then
    update private.owners o set last_change = last_change + 1 where o.owner = owner_id;
    update public.runs r set change = o.last_change from private.owners o where r.id = report_progress.run_id and o.owner = owner_id;
  end if;
end
$$;

create function public.report_stall(run_id text, epoch bigint, sequence bigint, error jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.lock_owners(array(select r.owner from public.runs r where r.id = report_stall.run_id));
  update public.runs r set error = report_stall.error, version = r.version + 1
    where r.id = report_stall.run_id and r.epoch = report_stall.epoch and r.sequence = report_stall.sequence
      and r.error is distinct from report_stall.error and not private.is_terminal(r.status);
  if found then
    perform private.note_change(report_stall.run_id);
  end if;
end
$$;

call private.for_service_only('project_runs', 'report_progress', 'report_stall');
