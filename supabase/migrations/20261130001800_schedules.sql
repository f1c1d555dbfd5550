create table public.schedules (
  id text collate "C" primary key,
  owner text collate "C" not null,
  name text not null,
  spec jsonb not null,
  timing jsonb not null,
  begins_paused boolean not null,
  created_at bigint not null,
  changed_at bigint not null,
  version bigint not null,
  applied bigint not null,
  removed boolean not null
);
create index schedules_by_time on public.schedules (owner, created_at, id) where not removed;
create index schedules_unapplied on public.schedules (changed_at) where applied < version;

-- A key is kept before its schedule.
create table public.schedule_keys (
  owner text collate "C" not null,
  key text collate "C" not null,
  fingerprint text not null,
  schedule_id text collate "C" not null references public.schedules (id) on delete cascade deferrable initially deferred,
  expires_at bigint not null,
  primary key (owner, key)
);
create index schedule_keys_by_schedule on public.schedule_keys (schedule_id);
call private.readable_by_owner('public.schedules');
call private.readable_by_owner('public.schedule_keys');

create function private.keep_schedule_key(owner_id text, schedule_id text, idempotency jsonb) returns text
language plpgsql set search_path = '' as $$
declare
  known public.schedule_keys;
begin
  if idempotency is null then
    return 'new';
  end if;
  delete from public.schedule_keys k where k.owner = owner_id and k.expires_at <= private.now_ms();
  select * into known from public.schedule_keys k where k.owner = owner_id and k.key = idempotency ->> 'key';
  if known.key is not null then
    return case when known.fingerprint = idempotency ->> 'fingerprint' then 'replayed' else 'key_reused' end;
  end if;
  insert into public.schedule_keys values
    (owner_id, idempotency ->> 'key', idempotency ->> 'fingerprint', keep_schedule_key.schedule_id, (idempotency ->> 'expiresAt')::bigint);
  return 'new';
end
$$;

create function public.keep_schedule_key(owner text, schedule_id text, idempotency jsonb) returns text
language plpgsql security definer set search_path = '' as $$
begin
  perform private.lock_owner(owner);
  return private.keep_schedule_key(owner, schedule_id, idempotency);
end
$$;

-- Keeps a schedule, or gives the one that was accepted with this key before.
create function public.create_schedule(schedule jsonb, idempotency jsonb) returns json language plpgsql security definer set search_path = '' as $$
declare
  new public.schedules := jsonb_populate_record(null::public.schedules, schedule);
  known text;
begin
  perform private.lock_owner(new.owner);
  known := private.keep_schedule_key(new.owner, new.id, idempotency);
  if known = 'key_reused' then
    return json_build_object('outcome', known);
  elsif known = 'replayed' then
    return json_build_object('outcome', known, 'schedule', (
      select row_to_json(s) from public.schedules s, public.schedule_keys k
      where k.owner = new.owner and k.key = idempotency ->> 'key' and s.id = k.schedule_id
    ));
  end if;
  insert into public.schedules select new.*;
  return json_build_object('outcome', 'accepted', 'schedule', row_to_json(new));
end
$$;

create function public.get_schedule(owner text, id text) returns json language sql stable security definer set search_path = '' as $$
  select row_to_json(s) from public.schedules s where s.id = get_schedule.id and s.owner = get_schedule.owner and not s.removed
$$;

-- Newest first.
create function public.list_schedules(owner text, at_most integer, after_time bigint, after_id text) returns json
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(row_to_json(page)), '[]') from (
    select * from public.schedules s
    where s.owner = list_schedules.owner and not s.removed and (s.created_at, s.id) < (after_time, after_id)
    order by s.created_at desc, s.id desc limit at_most
  ) page
$$;

create function public.update_schedule(owner text, id text, change jsonb) returns json language plpgsql security definer set search_path = '' as $$
declare
  new public.schedules;
begin
  perform private.lock_owner(owner);
  select * into new from public.schedules s where s.id = update_schedule.id and s.owner = update_schedule.owner and not s.removed;
  if new.id is null then
    return null;
  end if;
  new := jsonb_populate_record(new, change);
  update public.schedules s
    set name = new.name, spec = new.spec, timing = new.timing, changed_at = private.now_ms(), version = s.version + 1 where s.id = new.id;
  return (select row_to_json(s) from public.schedules s where s.id = new.id);
end
$$;

-- Marks it as removed, which is a change as well.
create function public.remove_schedule(owner text, id text) returns json language plpgsql security definer set search_path = '' as $$
begin
  perform private.lock_owner(owner);
  update public.schedules s set removed = true, changed_at = private.now_ms(), version = s.version + 1
    where s.id = remove_schedule.id and s.owner = remove_schedule.owner and not s.removed;
  return (select row_to_json(s) from public.schedules s where s.id = remove_schedule.id and s.owner = remove_schedule.owner);
end
$$;

-- Notes of which version Temporal's schedule is made now. A removed one goes, with its nights and keys.
create function public.schedule_applied(id text, version bigint) returns void language plpgsql security definer set search_path = '' as $$
begin
  update public.schedules s set applied = greatest(s.applied, schedule_applied.version) where s.id = schedule_applied.id;
  delete from public.schedules s where s.id = schedule_applied.id and s.removed and s.applied = s.version;
end
$$;

create function public.unapplied_schedules(changed_before bigint, at_most integer) returns json
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(row_to_json(page)), '[]') from (
    select * from public.schedules s where s.applied < s.version and s.changed_at < changed_before order by s.changed_at limit at_most
  ) page
$$;

call private.for_service_only(
  'keep_schedule_key', 'create_schedule', 'get_schedule', 'list_schedules', 'update_schedule', 'remove_schedule', 'schedule_applied',
  'unapplied_schedules');
