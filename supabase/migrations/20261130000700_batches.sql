create function private.batch_json(batch public.batches) returns json language sql stable set search_path = '' as $$
  select json_build_object('row', row_to_json(batch), 'items', (
    select coalesce(json_object_agg(counted.status, counted.items), '{}') from (
      select r.status, count(*) as items from public.runs r where r.batch_id = batch.id group by r.status
    ) counted
  ))
$$;

create function public.get_batch(owner text, id text) returns json language sql stable security definer set search_path = '' as $$
  select private.batch_json(b) from public.batches b where b.id = get_batch.id and b.owner = get_batch.owner
$$;

-- Accepts a batch with all its items, or nothing of it. Its key leads to its first item.
create function public.submit_batch(batch jsonb, items jsonb, idempotency jsonb, limits jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  owner_id text := batch ->> 'owner';
  batch_id text := batch ->> 'id';
  known jsonb;
begin
  perform private.lock_owner(owner_id);
  -- Not for a call that is repeated because its answer was lost.
  if not exists (select 1 from public.batches b where b.id = batch_id and b.owner = owner_id) then
    known := private.known_key(owner_id, idempotency);
    if known ->> 'outcome' = 'replayed' then
      return jsonb_build_object('outcome', 'replayed', 'batch', public.get_batch(owner_id, known -> 'run' ->> 'batch_id'));
    end if;
    known := coalesce(known, private.book_usage(owner_id, limits, jsonb_array_length(items), jsonb_array_length(items)));
    if known is not null then
      return known;
    end if;
    insert into public.batches select * from jsonb_populate_record(null::public.batches, batch);
    perform private.insert_runs(items);
    perform private.keep_key(owner_id, idempotency, items -> 0 ->> 'id');
  end if;
  return jsonb_build_object('outcome', 'accepted', 'batch', public.get_batch(owner_id, batch_id));
end
$$;

create function public.batch_items(batch_id text, from_index integer, to_index integer) returns json
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(row_to_json(page)), '[]') from (
    select r.* from private.full_runs r
    where r.batch_id = batch_items.batch_id and r.batch_index >= from_index and r.batch_index < to_index
    order by r.batch_index
  ) page
$$;

create function public.request_batch(owner text, id text, request text) returns json
language plpgsql security definer set search_path = '' as $$
begin
  perform private.lock_owner(owner);
  update public.batches b set requested = request, version = b.version + 1
    where b.id = request_batch.id and b.owner = request_batch.owner and not private.is_terminal(b.status)
      and b.requested is distinct from request and b.requested is distinct from 'cancel';
  return (
    select private.batch_json(b) from public.batches b
    where b.id = request_batch.id and b.owner = request_batch.owner and not private.is_terminal(b.status)
  );
end
$$;

create function public.report_batch_stall(batch_id text, epoch bigint, sequence bigint, error jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.lock_owners(array(select b.owner from public.batches b where b.id = report_batch_stall.batch_id));
  update public.batches b set error = report_batch_stall.error, version = b.version + 1
    where b.id = report_batch_stall.batch_id and b.epoch = report_batch_stall.epoch and b.sequence = report_batch_stall.sequence
      and b.error is distinct from report_batch_stall.error and not private.is_terminal(b.status);
end
$$;

create function public.finished_batches_among(ids text[]) returns json language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_object('id', b.id, 'finished_at', b.finished_at)), '[]')
  from public.batches b where b.id = any (ids) and private.is_terminal(b.status)
$$;

create function public.list_open_batches(created_before bigint, at_most integer) returns json
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(private.batch_json(page)), '[]') from (
    select * from public.batches b
    where b.status not in ('completed', 'failed', 'cancelled') and b.created_at < created_before
    order by b.created_at, b.id limit at_most
  ) page
$$;

call private.for_service_only(
  'get_batch', 'submit_batch', 'batch_items', 'request_batch', 'report_batch_stall', 'finished_batches_among', 'list_open_batches');
