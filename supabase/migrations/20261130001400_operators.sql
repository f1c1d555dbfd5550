-- What operators have forbidden. Nobody but the service reads it.
create table private.blocks (
  kind text collate "C" not null,
  name text collate "C" not null,
  reason text not null,
  by text not null,
  at bigint not null,
  primary key (kind, name)
);
alter table private.blocks enable row level security;

create function public.block(kind text, name text, reason text, by text, at bigint) returns void
language sql security definer set search_path = '' as $$
  insert into private.blocks values (kind, name, reason, by, at)
  on conflict on constraint blocks_pkey do update set reason = excluded.reason, by = excluded.by, at = excluded.at
$$;

create function public.unblock(kind text, name text) returns boolean language plpgsql security definer set search_path = '' as $$
begin
  delete from private.blocks b where b.kind = unblock.kind and b.name = unblock.name;
  return found;
end
$$;

create function public.list_blocks() returns json language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(row_to_json(b) order by b.kind, b.name), '[]') from private.blocks b
$$;

create function public.owner_of(id text) returns text language sql stable security definer set search_path = '' as $$
  select r.owner from public.runs r where r.id = owner_of.id
$$;

call private.for_service_only('block', 'unblock', 'list_blocks', 'owner_of');
