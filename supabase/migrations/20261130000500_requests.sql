-- Records what a user asked for. A pause or resume that comes after a cancel does not replace it.
create function public.request_run(owner text, id text, kind text, request text) returns json
language plpgsql security definer set search_path = '' as $$
begin
  perform private.lock_owner(owner);
  update public.runs r set requested = request, version = r.version + 1
    where r.id = request_run.id and r.owner = request_run.owner and r.kind = request_run.kind and not private.is_terminal(r.status)
      and r.requested is distinct from request and (request is null or r.requested is distinct from 'cancel');
  if found then
    perform private.note_change(request_run.id);
  end if;
  return (
    select row_to_json(r) from private.full_runs r
    where r.id = request_run.id and r.owner = request_run.owner and r.kind = request_run.kind and not private.is_terminal(r.status)
  );
end
$$;

create function public.remove_run(owner text, id text, kind text) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  perform private.lock_owner(owner);
  delete from public.runs r where r.id = remove_run.id and r.owner = remove_run.owner and r.kind = remove_run.kind and private.is_terminal(r.status);
  return found;
end
$$;

-- Changes name and tags, and members of the spec, as far as they are given.
create function public.update_run(owner text, id text, kind text, change jsonb, spec jsonb) returns json
language plpgsql security definer set search_path = '' as $$
declare
  changed public.runs;
begin
  perform private.lock_owner(owner);
  select * into changed from public.runs r where r.id = update_run.id and r.owner = update_run.owner and r.kind = update_run.kind;
  if changed.id is null then
    return null;
  end if;
  changed := jsonb_populate_record(changed, change);
  update public.runs r set name = changed.name, name_folded = changed.name_folded, tags = changed.tags, spec = r.spec || update_run.spec,
      version = r.version + 1
    where r.id = changed.id;
  delete from public.run_labels l where l.id = update_run.id and starts_with(l.label, 'tag:');
  perform private.add_labels(array[update_run.id]);
  return private.run_json(update_run.id);
end
$$;

call private.for_service_only('request_run', 'remove_run', 'update_run');
