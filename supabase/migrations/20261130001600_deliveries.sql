-- Queues a message that tells of no run.
create function public.add_test_delivery(id text, webhook_id text, owner text, created_at bigint) returns json
language sql security definer set search_path = '' as $$
  insert into public.deliveries (id, webhook_id, owner, kind, subject_id, epoch, created_at)
    values (id, webhook_id, owner, 'test', id, 0, created_at)
  on conflict do nothing;
  select row_to_json(d) from public.deliveries d where d.id = add_test_delivery.id
$$;

-- Newest first, behind a delivery.
create function public.list_deliveries(owner text, webhook_id text, at_most integer, after_time bigint, after_id text) returns json
language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(row_to_json(page)), '[]') from (
    select * from public.deliveries d
    where d.owner = list_deliveries.owner and d.webhook_id = list_deliveries.webhook_id and (d.created_at, d.id) < (after_time, after_id)
    order by d.created_at desc, d.id desc limit at_most
  ) page
$$;

-- Those that nobody sends yet, oldest first.
create function public.queued_deliveries(at_most integer) returns json language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(row_to_json(page)), '[]') from (
    select * from public.deliveries d where d.status = 'queued' order by d.created_at, d.id limit at_most
  ) page
$$;

create function public.get_delivery(id text) returns json language sql stable security definer set search_path = '' as $$
  select json_build_object('delivery', row_to_json(d), 'webhook', row_to_json(w))
  from public.deliveries d join private.webhooks w on w.id = d.webhook_id where d.id = get_delivery.id
$$;

-- Notes a try of a delivery, and where it says why, that nothing is to be sent to its webhook any more.
create function public.note_delivery(id text, status text, response_status integer, error text, at bigint, disable text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  to_webhook text;
begin
  update public.deliveries d
    set status = note_delivery.status, response_status = note_delivery.response_status, error = note_delivery.error,
      attempts = d.attempts + 1, last_attempt_at = at
    where d.id = note_delivery.id
    returning d.webhook_id into to_webhook;
  if disable is not null then
    update private.webhooks w set disabled = jsonb_build_object('at', at, 'reason', disable) where w.id = to_webhook and w.disabled is null;
  end if;
end
$$;

call private.for_service_only('add_test_delivery', 'list_deliveries', 'queued_deliveries', 'get_delivery', 'note_delivery');
