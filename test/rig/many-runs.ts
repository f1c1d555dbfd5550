/** As wide as rows of real runs: a spec and the figures. */
export const WIDE = {
  spec: `jsonb_build_object('of', repeat(md5(n::text), 20))`,
  metrics: `(select jsonb_object_agg('figure number ' || k, sin(n + k)) from generate_series(1, 34) k)`,
};

/** Half of them of one owner, one in 1,000 of another. One in 1,000 is open, one in 100 has the tag `rare`, one in three `third`. */
export function manyRuns(count: number, { spec, metrics } = { spec: `'{}'`, metrics: 'null' }): string {
  return `
    set session_replication_role = replica; -- checks no reference
    insert into public.batches select 'batch-' || n, 'owner-7', 'B', 'completed', null, 1000000 + n, null, null, null, 0, 0, 1 from generate_series(1, 1000) n;
    insert into public.runs
    select 'run-' || n, 'backtest', case when n % 1000 = 500 then 'owner-9' when n % 2 = 0 then 'owner-1' else 'owner-7' end, 'Run ' || n, 'run ' || n, '{}', 'sma-cross', '{AAPL}',
      '1d', case when n % 1000 = 0 then 'running' when n % 50 = 1 then 'failed' else 'completed' end, null, null, 10, 10, 0, 1000000 + n, null, null,
      null, ${metrics}, 1, n, 10, case when n between 500 and 600 then 'batch-1' end, case when n between 500 and 600 then n - 500 end,
      ${spec}, null, null, null, 1, 1
    from generate_series(1, ${count}) n;
    insert into public.run_labels
    select owner, 'symbol:' || case when change % 3 = 0 then 'AAPL' else 'IBM' end, created_at, id from public.runs
    union all select owner, 'tag:rare', created_at, id from public.runs where change % 100 = 1
    union all select owner, 'tag:third', created_at, id from public.runs where change % 3 = 0;
    insert into public.run_changes
    select owner, change, id, 'done', status, null, null, 10, 10, 0, null, 0, 10, created_at from public.runs;
    analyze public.runs, public.run_labels, public.run_changes, public.batches`;
}
