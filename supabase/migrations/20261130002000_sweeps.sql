create index sweeps_running on public.runs (owner) where kind = 'sweep' and status = 'running';

create table public.trial_shards (
  sweep_id text collate "C" not null references public.runs (id) on delete cascade,
  family text collate "C" not null,
  first bigint not null,
  count bigint not null,
  cached bigint not null,
  cpu_seconds double precision not null,
  ref jsonb not null,
  owner text collate "C" not null,
  primary key (sweep_id, family, first)
);
create index trial_shards_by_owner on public.trial_shards (owner);

-- Known trials of an owner; they outlive the sweep that computed them.
create table public.trial_tables (
  id bigint generated always as identity primary key,
  owner text collate "C" not null,
  family text collate "C" not null,
  uri text collate "C" not null,
  ref jsonb not null,
  unique (owner, family, uri)
);
call private.readable_by_owner('public.trial_shards');
call private.readable_by_owner('public.trial_tables');

-- Raises the number of trials of a sweep, in its spec and its row. One that has completed is queued again, without its result.
create function public.extend_sweep(owner text, id text, trials bigint, idempotency jsonb, limits jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  known jsonb;
  over jsonb;
  sweep public.runs;
begin
  perform private.lock_owner(owner);
  known := private.known_key(owner, idempotency);
  if known ->> 'outcome' = 'replayed' then
    return jsonb_build_object('outcome', 'extended', 'sweep', known -> 'run');
  elsif known is not null then
    return known;
  end if;
  select * into sweep from public.runs r where r.id = extend_sweep.id and r.owner = extend_sweep.owner and r.kind = 'sweep';
  if sweep.id is null then
    return '{"outcome": "unknown"}';
  elsif sweep.status in ('failed', 'cancelled', 'cancelling') or sweep.requested is not distinct from 'cancel' or sweep.total >= trials then
    return jsonb_build_object('outcome', 'refused', 'sweep', private.run_json(sweep.id));
  end if;
  over := private.book_usage(owner, limits, case when sweep.status = 'completed' then 1 else 0 end, trials - sweep.total);
  if over is not null then
    return over;
  end if;
  update public.runs r set spec = jsonb_set(r.spec, '{search,trials}', to_jsonb(trials)), total = trials, version = r.version + 1
    where r.id = sweep.id;
  if sweep.status = 'completed' then
    update public.runs r set status = 'queued', phase = null, finished_at = null, result = null, error = null where r.id = sweep.id;
    perform private.note_change(sweep.id);
  end if;
  perform private.keep_key(owner, idempotency, sweep.id);
  return jsonb_build_object('outcome', 'extended', 'sweep', private.run_json(sweep.id));
end
$$;

-- The sweep whatever its owner, and how many sweeps of that owner are running, 1 at least.
create function public.look_at_sweep(id text) returns json language sql stable security definer set search_path = '' as $$
  select json_build_object('sweep', row_to_json(s), 'running', greatest(1, (
    select count(*) from public.runs r where r.owner = s.owner and r.kind = 'sweep' and r.status = 'running'
  )))
  from private.full_runs s where s.id = look_at_sweep.id and s.kind = 'sweep'
$$;

create function private.keep_table(owner_id text, family text, ref jsonb) returns void language sql set search_path = '' as $$
  insert into public.trial_tables (owner, family, uri, ref) values (owner_id, family, ref ->> 'uri', ref) on conflict do nothing
$$;

-- Keeps a shard together with the table of its new trials. False where it overlaps one of its family that is kept, or the sweep is gone.
create function public.store_shard(shard jsonb, table_ref jsonb) returns boolean language plpgsql security definer set search_path = '' as $$
declare
  new public.trial_shards := jsonb_populate_record(null::public.trial_shards, shard);
begin
  select r.owner into new.owner from public.runs r where r.id = new.sweep_id and r.kind = 'sweep';
  if new.owner is null then
    return false;
  end if;
  perform private.lock_owner(new.owner);
  -- Shards do not overlap: of those that begin before its end, only the last one can reach beyond its beginning.
  if (
    select s.first + s.count from public.trial_shards s
    where s.sweep_id = new.sweep_id and s.family = new.family and s.first < new.first + new.count
    order by s.first desc limit 1
  ) > new.first or not exists (select 1 from public.runs r where r.id = new.sweep_id) then
    return false;
  end if;
  insert into public.trial_shards select new.*;
  if table_ref is not null then
    perform private.keep_table(new.owner, new.family, table_ref);
  end if;
  return true;
end
$$;

-- Shards of one family that end after a trial, in their order.
create function public.shards_of(sweep_id text, family text, from_trial bigint, at_most integer) returns json
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(to_jsonb(page) - 'owner'), '[]') from (
    select * from public.trial_shards s
    where s.sweep_id = shards_of.sweep_id and s.family = shards_of.family and s.first + s.count > from_trial
      and s.first >= coalesce((
        select max(e.first) from public.trial_shards e
        where e.sweep_id = shards_of.sweep_id and e.family = shards_of.family and e.first <= from_trial
      ), 0)
    order by s.first limit at_most
  ) page
$$;

-- The family of which most trials of a sweep are done.
create function public.family_of(sweep_id text) returns text language sql stable security definer set search_path = '' as $$
  select s.family from public.trial_shards s where s.sweep_id = family_of.sweep_id group by s.family order by sum(s.count) desc, s.family limit 1
$$;

-- Tables of these families of an owner, oldest first.
create function public.trial_tables(owner text, families text[]) returns json language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(json_build_object('owner', t.owner, 'family', t.family, 'ref', t.ref) order by t.id), '[]')
  from public.trial_tables t where t.owner = trial_tables.owner and t.family = any (families)
$$;

-- Puts one table in the place of several; false, and nothing done, unless all of them are there.
create function public.merge_trial_tables(owner text, family text, ref jsonb, uris text[]) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  perform private.lock_owner(owner);
  if (
    select count(*) from public.trial_tables t
    where t.owner = merge_trial_tables.owner and t.family = merge_trial_tables.family and t.uri = any (uris)
  ) < cardinality(uris) then
    return false;
  end if;
  delete from public.trial_tables t
    where t.owner = merge_trial_tables.owner and t.family = merge_trial_tables.family and t.uri = any (uris);
  perform private.keep_table(owner, family, ref);
  return true;
end
$$;

call private.for_service_only(
  'extend_sweep', 'look_at_sweep', 'store_shard', 'shards_of', 'family_of', 'trial_tables', 'merge_trial_tables');
