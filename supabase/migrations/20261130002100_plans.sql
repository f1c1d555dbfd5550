-- The plan that the sign-in gave an owner the last time: it holds for their tokens and schedules, too.
alter table private.owners add column plan text;
alter table private.credentials drop column plan;

create function public.note_plan(owner text, plan text) returns void language sql security definer set search_path = '' as $$
  insert into private.owners (owner, plan) values (note_plan.owner, note_plan.plan)
  on conflict (owner) do update set plan = excluded.plan
$$;

create function public.plan_of(owner text) returns text language sql stable security definer set search_path = '' as $$
  select o.plan from private.owners o where o.owner = plan_of.owner
$$;

-- As before, under the limits of the owner.
drop function public.submit_night(jsonb, jsonb, text);
create function public.submit_night(night jsonb, run jsonb, again text, limits jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
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

call private.for_service_only('note_plan', 'plan_of', 'submit_night');
