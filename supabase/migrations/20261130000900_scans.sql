-- What metered sources were asked to scan: once a day (UTC) for each fetch, however often it is tried.
create table public.scans (
  key text collate "C" not null,
  day bigint not null,
  owner text collate "C" not null,
  bytes bigint not null,
  at bigint not null,
  primary key (key, day)
);
create index scans_by_owner on public.scans (owner, day, bytes);
call private.readable_by_owner('public.scans');

create function public.book_scan(key text, owner text, bytes bigint, at bigint, owner_day_bytes bigint) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  today bigint := book_scan.at / 86400000;
  booked bigint;
begin
  perform private.lock_owner(owner);
  if not exists (select 1 from public.scans s where s.key = book_scan.key and s.day = today) then
    select coalesce(sum(s.bytes), 0) into booked from public.scans s where s.owner = book_scan.owner and s.day = today;
    if booked + book_scan.bytes > owner_day_bytes then
      return jsonb_build_object('outcome', 'over_cap', 'booked', booked);
    end if;
    -- Another owner may book the same fetch right now.
    insert into public.scans values (book_scan.key, today, book_scan.owner, book_scan.bytes, book_scan.at) on conflict do nothing;
  end if;
  return jsonb_build_object('outcome', 'booked', 'at', (select min(s.at) from public.scans s where s.key = book_scan.key));
end
$$;

call private.for_service_only('book_scan');
