create function private.run_json(run_id text) returns json language sql stable set search_path = '' as $$
  select row_to_json(r) from private.full_runs r where r.id = run_id
$$;

-- Inserts runs of one owner, one or the items of a batch, with their labels and first changes. The owner must be locked.
create function private.insert_runs(new_runs jsonb) returns void language plpgsql set search_path = '' as $$
declare
  ids text[] := array(select run ->> 'id' from jsonb_array_elements(new_runs) run);
  base bigint;
begin
  update private.owners o set last_change = last_change + cardinality(ids) where o.owner = new_runs -> 0 ->> 'owner'
    returning last_change - cardinality(ids) into base;
  insert into public.runs select * from jsonb_populate_recordset(null::public.runs, new_runs);
  update public.runs r set change = base + 1 + coalesce(r.batch_index, 0) where r.id = any (ids);
  insert into public.run_changes
    select r.owner, r.change, r.id, 'status', r.status, r.requested, r.phase, r.done, r.total, r.per_second, r.error, 0, r.durable, r.created_at
    from public.runs r where r.id = any (ids);
  perform private.add_labels(ids);
end
$$;

-- Makes runs findable by their symbols and tags.
create function private.add_labels(ids text[]) returns void language sql set search_path = '' as $$
  insert into public.run_labels (owner, label, created_at, id)
    select r.owner, 'symbol:' || symbol, r.created_at, r.id from public.runs r, unnest(r.symbols) symbol where r.id = any (ids)
    union
    select r.owner, 'tag:' || tag, r.created_at, r.id from public.runs r, unnest(r.tags) tag where r.id = any (ids)
  on conflict do nothing
$$;

-- What is known of an Idempotency-Key: the run that was accepted with it, or that it came with another payload. Null: it is new.
create function private.known_key(owner_id text, idempotency jsonb) returns jsonb language plpgsql set search_path = '' as $$
declare
  known public.idempotency_keys;
begin
  delete from public.idempotency_keys k where k.owner = owner_id and k.expires_at <= private.now_ms();
  select * into known from public.idempotency_keys k where k.owner = owner_id and k.key = idempotency ->> 'key';
  if known.key is null then
    return null;
  elsif known.fingerprint <> idempotency ->> 'fingerprint' then
    return '{"outcome": "key_reused"}';
  end if;
  return jsonb_build_object('outcome', 'replayed', 'run', private.run_json(known.run_id));
end
$$;

create function private.keep_key(owner_id text, idempotency jsonb, run_id text) returns void language sql set search_path = '' as $$
  insert into public.idempotency_keys (owner, key, fingerprint, run_id, expires_at)
    select owner_id, idempotency ->> 'key', idempotency ->> 'fingerprint', keep_key.run_id, (idempotency ->> 'expiresAt')::bigint
    where idempotency is not null
$$;

-- Accepts a run: checks its key, then the limits. The owner must be locked.
create function private.submit(run jsonb, idempotency jsonb, limits jsonb) returns jsonb language plpgsql set search_path = '' as $$
declare
  owner_id text := run ->> 'owner';
  run_id text := run ->> 'id';
  refusal jsonb;
begin
  -- Not for a call that is repeated because its answer was lost.
  if not exists (select 1 from public.runs r where r.id = run_id and r.owner = owner_id) then
    refusal := coalesce(
      private.known_key(owner_id, idempotency),
      private.book_usage(owner_id, limits, 1, case when run ->> 'kind' = 'sweep' then (run ->> 'total')::bigint else 1 end)
    );
    if refusal is not null then
      return refusal;
    end if;
    perform private.insert_runs(jsonb_build_array(run));
    perform private.keep_key(owner_id, idempotency, run_id);
  end if;
  return jsonb_build_object('outcome', 'accepted', 'run', private.run_json(run_id));
end
$$;

create function public.submit_run(run jsonb, idempotency jsonb, limits jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
begin
  perform private.lock_owner(run ->> 'owner');
  return private.submit(run, idempotency, limits);
end
$$;

call private.for_service_only('submit_run');
