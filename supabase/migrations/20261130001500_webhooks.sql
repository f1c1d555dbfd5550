-- Where owners want to hear of ends, and what messages are signed with. Nobody but the service reads it.
create table private.webhooks (
  id text collate "C" primary key,
  owner text collate "C" not null,
  url text not null,
  secret text not null,
  earlier_secret jsonb,
  statuses jsonb not null,
  created_at bigint not null,
  disabled jsonb
);
alter table private.webhooks enable row level security;
create index webhooks_by_owner on private.webhooks (owner, id);

-- A row for each end of a run or batch and each webhook that wants it, written with the end.
create table public.deliveries (
  id text collate "C" primary key,
  webhook_id text collate "C" not null references private.webhooks (id) on delete cascade,
  owner text collate "C" not null,
  kind text not null,
  subject_id text not null,
  subject_status text,
  epoch bigint not null,
  status text not null default 'queued',
  attempts integer not null default 0,
  response_status integer,
  error text,
  created_at bigint not null,
  last_attempt_at bigint,
  unique (webhook_id, subject_id, epoch)
);
create index deliveries_by_webhook on public.deliveries (owner, webhook_id, created_at, id);
create index deliveries_queued on public.deliveries (created_at, id) where status = 'queued';
call private.readable_by_owner('public.deliveries');

-- Leaves a message for each webhook that wants to hear of an end.
create function private.queue_deliveries(owner_id text, kind text, subject_id text, subject_status text, epoch bigint) returns void
language sql set search_path = '' as $$
  insert into public.deliveries (id, webhook_id, owner, kind, subject_id, subject_status, epoch, created_at)
    select 'msg_' || gen_random_uuid(), w.id, owner_id, queue_deliveries.kind, queue_deliveries.subject_id, queue_deliveries.subject_status,
      queue_deliveries.epoch, private.now_ms()
    from private.webhooks w
    where w.owner = owner_id and w.disabled is null and w.statuses ? queue_deliveries.subject_status
  on conflict do nothing
$$;

-- False where the owner has the most.
create function public.add_webhook(webhook jsonb, most integer) returns boolean language plpgsql security definer set search_path = '' as $$
declare
  new private.webhooks := jsonb_populate_record(null::private.webhooks, webhook);
begin
  perform private.lock_owner(new.owner);
  if (select count(*) from private.webhooks w where w.owner = new.owner) >= most then
    return false;
  end if;
  insert into private.webhooks select new.*;
  return true;
end
$$;

create function public.get_webhook(owner text, id text) returns json language sql stable security definer set search_path = '' as $$
  select row_to_json(w) from private.webhooks w where w.owner = get_webhook.owner and w.id = get_webhook.id
$$;

create function public.list_webhooks(owner text) returns json language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(row_to_json(w) order by w.id desc), '[]') from private.webhooks w where w.owner = list_webhooks.owner
$$;

create function public.update_webhook(owner text, id text, change jsonb) returns json language plpgsql security definer set search_path = '' as $$
declare
  new private.webhooks;
begin
  perform private.lock_owner(owner);
  select * into new from private.webhooks w where w.owner = update_webhook.owner and w.id = update_webhook.id;
  if new.id is null then
    return null;
  end if;
  new := jsonb_populate_record(new, change);
  update private.webhooks w
    set url = new.url, secret = new.secret, earlier_secret = new.earlier_secret, statuses = new.statuses, disabled = new.disabled
    where w.id = new.id;
  return row_to_json(new);
end
$$;

create function public.remove_webhook(owner text, id text) returns boolean language plpgsql security definer set search_path = '' as $$
begin
  delete from private.webhooks w where w.owner = remove_webhook.owner and w.id = remove_webhook.id;
  return found;
end
$$;

call private.for_service_only('add_webhook', 'get_webhook', 'list_webhooks', 'update_webhook', 'remove_webhook');
