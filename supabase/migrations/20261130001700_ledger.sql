-- How much was tried: sums of the Sharpe ratios of distinct trials.
create table public.ledger (
  id bigint generated always as identity primary key,
  owner text collate "C" not null,
  strategy text collate "C" not null,
  source text collate "C" not null,
  symbols text collate "C" not null,
  trials bigint not null default 0,
  ratios bigint not null default 0,
  sum double precision not null default 0,
  squares double precision not null default 0,
  unique (owner, strategy, source, symbols)
);
create table public.ledger_trials (
  ledger_id bigint not null references public.ledger (id) on delete cascade,
  name text collate "C" not null,
  owner text collate "C" not null,
  primary key (ledger_id, name)
);
create index ledger_trials_by_owner on public.ledger_trials (owner);
call private.readable_by_owner('public.ledger');
call private.readable_by_owner('public.ledger_trials');

-- Counts those trials that the page has not seen yet; repeating it changes nothing.
create function public.count_trials(page jsonb, trials jsonb) returns void language plpgsql security definer set search_path = '' as $$
declare
  owner_id text := page ->> 'owner';
  page_id bigint;
begin
  perform private.lock_owner(owner_id);
  insert into public.ledger (owner, strategy, source, symbols)
    values (owner_id, page ->> 'strategy', page ->> 'source', page ->> 'symbols') on conflict do nothing;
  select l.id into page_id from public.ledger l
    where l.owner = owner_id and l.strategy = page ->> 'strategy' and l.source = page ->> 'source' and l.symbols = page ->> 'symbols';
  with counted as (
    select distinct on (t ->> 'name') t ->> 'name' as name, (t ->> 'sharpe')::double precision as sharpe
    from jsonb_array_elements(trials) with ordinality as given (t, place) order by t ->> 'name', place
  ), added as (
    insert into public.ledger_trials (ledger_id, name, owner) select page_id, c.name, owner_id from counted c on conflict do nothing
    returning ledger_trials.name
  ), sums as (
    select count(*) as trials, count(c.sharpe) as ratios, coalesce(sum(c.sharpe), 0) as sum, coalesce(sum(c.sharpe * c.sharpe), 0) as squares
    from added a join counted c on c.name = a.name
  )
  update public.ledger l
    set trials = l.trials + s.trials, ratios = l.ratios + s.ratios, sum = l.sum + s.sum, squares = l.squares + s.squares
    from sums s where l.id = page_id;
end
$$;

create function public.ledger_of(page jsonb) returns json language sql stable security definer set search_path = '' as $$
  select json_build_object('trials', l.trials, 'ratios', l.ratios, 'sum', l.sum, 'squares', l.squares) from public.ledger l
  where l.owner = page ->> 'owner' and l.strategy = page ->> 'strategy' and l.source = page ->> 'source' and l.symbols = page ->> 'symbols'
$$;

call private.for_service_only('count_trials', 'ledger_of');
