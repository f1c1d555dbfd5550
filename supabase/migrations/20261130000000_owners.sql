-- Helpers of the intents. The schema is not exposed over HTTP, and only the functions of `public` that are made to run as their owner reach it.
create schema private;
revoke all on schema private from public;

-- One row an owner: whoever changes rows of an owner holds its lock first, before that of any other row. So writes of an owner come one after the
-- other, the numbers of their changes become visible in order, and two transactions never wait for each other.
create table private.owners (
  owner text collate "C" primary key,
  last_change bigint not null default 0,
  plan text -- what the sign-in said the last time
);
alter table private.owners enable row level security;

create function private.lock_owner(owner_id text) returns void language plpgsql set search_path = '' as $$
begin
  insert into private.owners (owner) values (owner_id) on conflict do nothing;
  perform 1 from private.owners where owner = owner_id for update;
end
$$;

-- Locks several owners; always in the same order.
create function private.lock_owners(owner_ids text[]) returns void language plpgsql set search_path = '' as $$
declare
  owner_id text;
begin
  for owner_id in select distinct id collate "C" from unnest(owner_ids) as id where id is not null order by 1 loop
    perform private.lock_owner(owner_id);
  end loop;
end
$$;

-- Milliseconds since 1970 UTC, as all times of rows are.
create function private.now_ms() returns bigint language sql volatile set search_path = '' as $$
  select (extract(epoch from clock_timestamp()) * 1000)::bigint
$$;

create function private.is_terminal(status text) returns boolean language sql immutable set search_path = '' as $$
  select status in ('completed', 'failed', 'cancelled')
$$;

-- Lets nobody but API and workers (the secret key) call these functions. Supabase lets everybody call a new function.
create procedure private.for_service_only(variadic names text[]) language plpgsql set search_path = '' as $$
declare
  signature regprocedure;
begin
  for signature in
    select p.oid::regprocedure from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname = any (names)
  loop
    execute format('revoke all on function %s from public, anon, authenticated', signature);
    execute format('grant execute on function %s to service_role', signature);
  end loop;
end
$$;

-- Lets signed-in users read their own rows of a table, and nobody write but the intents.
create procedure private.readable_by_owner(table_name regclass) language plpgsql set search_path = '' as $$
begin
  execute format('alter table %s enable row level security', table_name);
  execute format('revoke all on table %s from anon, authenticated', table_name);
  execute format('grant select on table %s to authenticated', table_name);
  execute format('create policy own_rows on %s for select to authenticated using (owner = (select auth.uid())::text)', table_name);
end
$$;
