-- Days are counted from 1970 (UTC); what is counted stays when a run is deleted.
create table public.usage (
  owner text collate "C" not null,
  day bigint not null,
  trials bigint not null,
  cpu_seconds double precision not null,
  primary key (owner, day)
);
call private.readable_by_owner('public.usage');

create function private.day_of(at bigint) returns bigint language sql immutable set search_path = '' as $$ select at / 86400000 $$;

-- Adds to the day of an owner.
create function private.add_usage(owner_id text, more_trials bigint, more_cpu_seconds double precision) returns void
language sql set search_path = '' as $$
  insert into public.usage as u (owner, day, trials, cpu_seconds)
    values (owner_id, private.day_of(private.now_ms()), more_trials, more_cpu_seconds)
  on conflict (owner, day) do update set trials = u.trials + excluded.trials, cpu_seconds = u.cpu_seconds + excluded.cpu_seconds
$$;

-- What an owner has, and has used on a day, by the names of the limits.
create function private.usage_of(owner_id text, on_day bigint) returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'openRuns', (select count(*) from public.runs r where r.owner = owner_id and r.status not in ('completed', 'failed', 'cancelled')),
    'trialsPerDay', coalesce((select u.trials from public.usage u where u.owner = owner_id and u.day = on_day), 0),
    'cpuSecondsPerDay', coalesce((select u.cpu_seconds from public.usage u where u.owner = owner_id and u.day = on_day), 0),
    'scannedBytesPerDay', (select coalesce(sum(s.bytes), 0) from public.scans s where s.owner = owner_id and s.day = on_day),
    'storedBytes', (select coalesce(sum(r.stored_bytes), 0) from public.runs r where r.owner = owner_id and r.stored_bytes > 0)
      + (select coalesce(sum((u.ref ->> 'bytes')::bigint), 0) from public.uploads u where u.owner = owner_id)
  )
$$;

-- Whether an owner may have so much more: null, and it is booked, or the first limit that would be passed. The owner must be locked.
create function private.book_usage(owner_id text, limits jsonb, runs bigint, trials bigint) returns jsonb
language plpgsql set search_path = '' as $$
declare
  wanted jsonb := jsonb_build_object('openRuns', runs, 'trialsPerDay', trials);
  used jsonb;
  name text;
  more numeric;
begin
  if limits is not null and limits <> '{}' then
    used := private.usage_of(owner_id, private.day_of(private.now_ms()));
  end if;
  foreach name in array array['openRuns', 'trialsPerDay', 'cpuSecondsPerDay', 'scannedBytesPerDay', 'storedBytes'] loop
    more := coalesce((wanted ->> name)::numeric, 0);
    -- What is not counted ahead is over when it is used up.
    if more > 0 and (used ->> name)::numeric + more > (limits ->> name)::numeric
      or more = 0 and (used ->> name)::numeric >= (limits ->> name)::numeric then
      return jsonb_build_object('outcome', 'over_quota', 'limit', name, 'most', limits -> name, 'used', used -> name, 'wanted', more);
    end if;
  end loop;
  perform private.add_usage(owner_id, trials, 0);
  return null;
end
$$;

create function public.usage_of(owner text, at bigint) returns jsonb language sql stable security definer set search_path = '' as $$
  select private.usage_of(owner, private.day_of(at))
$$;

-- Remembers the plan that the sign-in gives an owner.
create function public.note_plan(owner text, plan text) returns void language plpgsql security definer set search_path = '' as $$
begin
  perform private.lock_owner(owner);
  update private.owners o set plan = note_plan.plan where o.owner = note_plan.owner;
end
$$;

create function public.plan_of(owner text) returns text language sql stable security definer set search_path = '' as $$
  select o.plan from private.owners o where o.owner = plan_of.owner
$$;

call private.for_service_only('usage_of', 'note_plan', 'plan_of');
