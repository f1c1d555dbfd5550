-- Bars that owners have uploaded; the file lies in the artifact store.
create table public.uploads (
  owner text collate "C" not null,
  name text collate "C" not null,
  ref jsonb not null,
  timeframe text not null,
  symbols jsonb not null,
  quality jsonb not null,
  created_at bigint not null,
  primary key (owner, name)
);
call private.readable_by_owner('public.uploads');

-- In place of an earlier one of that name; false where there was none.
create function public.save_upload(upload jsonb) returns boolean language plpgsql security definer set search_path = '' as $$
declare
  new public.uploads := jsonb_populate_record(null::public.uploads, upload);
  was_there boolean;
begin
  perform private.lock_owner(new.owner);
  delete from public.uploads u where u.owner = new.owner and u.name = new.name;
  was_there := found;
  insert into public.uploads select new.*;
  return was_there;
end
$$;

create function public.get_upload(owner text, name text) returns json language sql stable security definer set search_path = '' as $$
  select row_to_json(u) from public.uploads u where u.owner = get_upload.owner and u.name = get_upload.name
$$;

create function public.list_uploads(owner text) returns json language sql stable security definer set search_path = '' as $$
  select coalesce(json_agg(row_to_json(u) order by u.name), '[]') from public.uploads u where u.owner = list_uploads.owner
$$;

create function public.remove_upload(owner text, name text) returns boolean language plpgsql security definer set search_path = '' as $$
begin
  perform private.lock_owner(owner);
  delete from public.uploads u where u.owner = remove_upload.owner and u.name = remove_upload.name;
  return found;
end
$$;

call private.for_service_only('save_upload', 'get_upload', 'list_uploads', 'remove_upload');
