-- Secrets that stand for an owner; of the secret itself only its hash is kept. Nobody but the service reads them.
create table private.credentials (
  id text collate "C" primary key,
  kind text not null,
  owner text collate "C" not null,
  name text not null,
  start text not null,
  hash text not null unique,
  scopes jsonb not null,
  run_id text collate "C" references public.runs (id) on delete cascade,
  created_at bigint not null,
  expires_at bigint,
  last_used_at bigint
);
alter table private.credentials enable row level security;
create index credentials_by_owner on private.credentials (owner, kind, created_at, id);
create index credentials_by_run on private.credentials (run_id) where run_id is not null;

create function private.credential_json(credential private.credentials) returns jsonb language sql immutable set search_path = '' as $$
  select to_jsonb(credential) - 'hash'
$$;

-- Keeps a new one; false where the owner has the most of its kind that have not expired.
create function public.add_credential(credential jsonb, most integer) returns boolean language plpgsql security definer set search_path = '' as $$
declare
  new private.credentials := jsonb_populate_record(null::private.credentials, credential);
begin
  perform private.lock_owner(new.owner);
  -- Nobody looks at tickets: those that were not used go when the owner makes the next one.
  delete from private.credentials c where c.owner = new.owner and c.kind = 'ticket' and c.expires_at <= new.created_at;
  if (
    select count(*) from private.credentials c
    where c.owner = new.owner and c.kind = new.kind and (c.expires_at is null or c.expires_at > new.created_at)
  ) >= most then
    return false;
  end if;
  insert into private.credentials select new.*;
  return true;
end
$$;

-- The one with this hash, unless it has expired. A ticket is used up by it; the use of others is written down once a minute.
create function public.use_credential(hash text, at bigint) returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  known private.credentials;
begin
  select * into known from private.credentials c
    where c.hash = use_credential.hash and (c.expires_at is null or c.expires_at > at);
  if known.kind = 'ticket' then
    delete from private.credentials c where c.id = known.id;
    if not found then
      return null;
    end if;
  elsif at - coalesce(known.last_used_at, 0) >= 60000 then
    update private.credentials c set last_used_at = at where c.id = known.id;
  end if;
  return case when known.id is not null then private.credential_json(known) end;
end
$$;

create function public.list_credentials(owner text, kind text) returns json language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(private.credential_json(c) order by c.created_at desc, c.id desc), '[]')
  from private.credentials c where c.owner = list_credentials.owner and c.kind = list_credentials.kind
$$;

create function public.remove_credential(owner text, kind text, id text) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  delete from private.credentials c
    where c.owner = remove_credential.owner and c.kind = remove_credential.kind and c.id = remove_credential.id;
  return found;
end
$$;

call private.for_service_only('add_credential', 'use_credential', 'list_credentials', 'remove_credential');
