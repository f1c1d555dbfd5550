-- What becomes of the items that are open when their batch ends. A late writer of the same Temporal run, or of one before, changes them no more.
create function private.close_items(ended_batch text, ending jsonb, ended_at bigint, at_epoch bigint) returns void
language plpgsql set search_path = '' as $$
declare
  item text;
begin
  for item in
    update public.runs r
      set status = ending ->> 'status', phase = null, error = nullif(ending -> 'error', 'null'), finished_at = ended_at,
        epoch = greatest(r.epoch, at_epoch), version = r.version + 1
      where r.batch_id = ended_batch and not private.is_terminal(r.status)
      returning r.id
  loop
    perform private.note_change(item);
  end loop;
end
$$;

-- Those that ended with their batch have its end, and no result.
create function private.open_items_again(opened_batch text, ended_at bigint) returns void language plpgsql set search_path = '' as $$
declare
  item text;
begin
  for item in
    update public.runs r set status = 'queued', phase = null, error = null, finished_at = null, version = r.version + 1
      where r.batch_id = opened_batch and r.finished_at = ended_at and r.result is null
      returning r.id
  loop
    perform private.note_change(item);
  end loop;
end
$$;

-- Applies a workflow's change to a batch; false when it was stale. Opened again, it takes along the items that ended with it.
create function public.project_batch(projection jsonb) returns boolean language plpgsql security definer set search_path = '' as $$
declare
  change jsonb := projection -> 'change';
  batch public.batches;
  new public.batches;
  ending jsonb := change -> 'open_items';
begin
  perform private.lock_owners(array(select b.owner from public.batches b where b.id = projection ->> 'batch_id'));
  select * into batch from public.batches b where b.id = projection ->> 'batch_id';
  if batch.id is null or not private.is_newer(projection, batch.epoch, batch.sequence, batch.status) then
    return false;
  end if;
  new := jsonb_populate_record(batch, change);
  if private.is_terminal(batch.status) and not private.is_terminal(new.status) then
    perform private.open_items_again(batch.id, batch.finished_at);
    new.finished_at := (change ->> 'finished_at')::bigint;
  end if;
  -- A batch that writes gets ahead: whatever held it up is over.
  if not private.is_terminal(new.status) and not change ? 'error' then
    new.error := null;
  end if;
  if private.is_terminal(new.status) or coalesce(change -> 'settled' ? batch.requested, false) then
    new.requested := null;
  end if;
  update public.batches b
    set status = new.status, requested = new.requested, started_at = new.started_at, finished_at = new.finished_at, error = new.error,
      epoch = (projection ->> 'epoch')::bigint, sequence = (projection ->> 'sequence')::bigint, version = b.version + 1
    where b.id = batch.id;
  if private.is_terminal(new.status) then
    perform private.queue_deliveries(batch.owner, 'batch', batch.id, new.status, (projection ->> 'epoch')::bigint);
  end if;
  if jsonb_typeof(ending) = 'object' then
    perform private.close_items(batch.id, ending, coalesce(new.finished_at, private.now_ms()), (projection ->> 'epoch')::bigint);
  end if;
  return true;
end
$$;

call private.for_service_only('project_batch');
