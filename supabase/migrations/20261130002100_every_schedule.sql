-- Schedules of every owner, by their ids.
create function public.every_schedule(after_id text, at_most integer) returns json
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(row_to_json(page)), '[]') from (
    select * from public.schedules s where not s.removed and s.id > after_id order by s.id limit at_most
  ) page
$$;

call private.for_service_only('every_schedule');
