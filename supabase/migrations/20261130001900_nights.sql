-- Each time that a schedule was due. A run may be deleted, and its night stays.
create table public.nights (
  launch text collate "C" primary key,
  schedule_id text collate "C" not null references public.schedules (id) on delete cascade,
  owner text collate "C" not null,
  nominal_at bigint not null,
  launched_at bigint not null,
  run_id text,
  error jsonb,
  comparison jsonb
);
create index nights_by_time on public.nights (schedule_id, nominal_at, launch);
create index nights_by_run on public.nights (run_id);
create index nights_by_owner on public.nights (owner);
call private.readable_by_owner('public.nights');

create view private.light_runs as
  select id, kind, owner, name, tags, strategy, symbols, timeframe, status, requested, phase, done, total, per_second, created_at, started_at,
    finished_at, error, metrics, version, change, durable, batch_id, batch_index
  from public.runs;

create function private.night_json(night public.nights) returns json language sql stable set search_path = '' as $$
  select json_build_object('night', row_to_json(night), 'run', (select row_to_json(r) from private.light_runs r where r.id = night.run_id))
$$;

-- Accepts the run of a night under all rules; a repeated launch gives the run of before. `again` is the id where there is a run of the first one.
create function public.submit_night(night jsonb, run jsonb, again text, limits jsonb) returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  new public.nights := jsonb_populate_record(null::public.nights, night);
  before text;
  submitted jsonb;
begin
  perform private.lock_owner(new.owner);
  select n.run_id into before from public.nights n where n.launch = new.launch;
  if exists (select 1 from public.runs r where r.id = before and r.owner = new.owner) then
    return jsonb_build_object('outcome', 'replayed', 'run', private.run_json(before));
  end if;
  if exists (select 1 from public.runs r where r.id = run ->> 'id' and r.owner = new.owner) then
    run := run || jsonb_build_object('id', again);
  end if;
  submitted := private.submit(run, null, limits);
  if submitted ->> 'outcome' = 'accepted' then
    new.run_id := run ->> 'id';
    insert into public.nights select new.* on conflict do nothing;
  end if;
  return submitted;
end
$$;

-- Notes that a night has no run.
create function public.refuse_night(night jsonb) returns void language sql security definer set search_path = '' as $$
  insert into public.nights select * from jsonb_populate_record(null::public.nights, night) on conflict do nothing
$$;

create function public.compare_night(launch text, comparison jsonb) returns void language sql security definer set search_path = '' as $$
  update public.nights n set comparison = compare_night.comparison where n.launch = compare_night.launch
$$;

-- By nominal time, latest first; of one time the last launch first.
create function public.nights(owner text, schedule_id text, query jsonb) returns json
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
begin
  return (
    select coalesce(json_agg(private.night_json(page)), '[]') from (
      select n.* from public.nights n
      where n.schedule_id = nights.schedule_id and n.owner = nights.owner
        and (query -> 'until' is null or n.nominal_at <= (query ->> 'until')::bigint)
        and (query -> 'completed' is null or exists (select 1 from public.runs r where r.id = n.run_id and r.status = 'completed'))
        and (query -> 'after' is null
          or (n.nominal_at, n.launch) < ((query -> 'after' ->> 'nominal_at')::bigint, query -> 'after' ->> 'launch'))
      order by n.nominal_at desc, n.launch desc limit (query ->> 'limit')::integer
    ) page
  );
end
$$;

create function public.night_of(owner text, run_id text) returns json language sql stable security definer set search_path = '' as $$
  select private.night_json(n) from public.nights n where n.run_id = night_of.run_id and n.owner = night_of.owner
$$;

call private.for_service_only('submit_night', 'refuse_night', 'compare_night', 'nights', 'night_of');
