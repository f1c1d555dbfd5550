import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { connectTo } from '../rig/postgres.ts';
import { migratedCopy } from '../rig/supabase.ts';

const RUNS = 100_000;
const postgres = inject('postgres');
let client: pg.Client;

beforeAll(async () => {
  if (!('port' in postgres)) return;
  client = await connectTo(postgres.port, await migratedCopy(postgres.port));
  await client.query(manyRuns(RUNS));
  await client.query(`load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;
    set auto_explain.log_format = json; set client_min_messages = log; set log_min_messages = panic`);
});
beforeEach((context) => {
  if ('missing' in postgres) context.skip(postgres.missing);
});
afterAll(() => client?.end());

interface Plan {
  'Node Type': string;
  'Index Name'?: string;
  'Relation Name'?: string;
  Plans?: Plan[];
}

/** The steps of the last statement that a function ran, outermost first. */
async function stepsOf(call: string): Promise<string[]> {
  const plans: Plan[] = [];
  const note = ({ message = '' }: { message?: string | undefined }) => {
    const json = message.slice(message.indexOf('{'));
    plans.push((JSON.parse(json) as { Plan: Plan }).Plan);
  };
  client.on('notice', note);
  await client.query(`select ${call}`);
  client.off('notice', note);
  const flat = (plan: Plan): string[] => [
    [plan['Node Type'], plan['Index Name'] ?? plan['Relation Name']].filter(Boolean).join(' '),
    ...(plan.Plans ?? []).flatMap(flat),
  ];
  // The call itself ends last.
  return plans.slice(0, -1).flatMap(flat);
}

const listOf = (owner: string, query: object): string =>
  `public.list_runs(${owner}, '${JSON.stringify({ order: 'newest', limit: 50, labels: [], ...query })}')`;
const list = (query: object): string => listOf("'owner-7'", query);
const after = { created_at: 1_000_500, id: 'x' };

describe(`with ${RUNS} runs`, () => {
  // Of an owner of half of all runs, the index over all owners is as good as that of the owner.
  it.each([
    ['a list of everything', list({}), 'runs_'],
    ['a list from the oldest on', list({ order: 'oldest' }), 'runs_'],
    ['a later page', list({ after }), 'runs_'],
    ['a range of time', list({ created_from: 1_000_000, created_to: 1_050_000 }), 'runs_'],
    ['a list by status', list({ statuses: ['failed'] }), 'runs_'],
    ['a list by strategy', list({ strategy: 'rsi-reversion' }), 'runs_by_time'],
    ['a search by text', list({ text: 'apple' }), 'runs_'],
    ['a list of an owner with few', listOf("'owner-9'", {}), 'runs_by_time'],
    ['a list over all owners', listOf('null', {}), 'runs_of_all'],
    ['a list by symbol', list({ labels: ['symbol:AAPL'] }), 'run_labels_pkey'],
    ['a later page by tag', list({ labels: ['tag:rare'], after }), 'run_labels_pkey'],
    ['a list by symbol and tag', list({ labels: ['symbol:AAPL', 'tag:rare'], statuses: ['completed'] }), 'run_labels_pkey'],
    ['the items of a batch', list({ batch_id: 'batch-1' }), 'runs_of_batch_by_time'],
    ['the open runs', "public.list_open_runs(2000000, 50, 1000000, 'x')", 'runs_open'],
    ['the changes of an owner', "public.changes_after('owner-7', null, 99000, 50)", 'run_changes_pkey'],
    ['the changes of a run', "public.changes_after('owner-7', 'run-7', 1, 50)", 'run_changes_by_run'],
    ['the last change', "public.last_change('owner-7')", 'runs_by_change'],
    ['a run', "public.get_run('owner-7', 'run-7', 'backtest')", 'runs_pkey'],
    ['a batch with its items', "public.get_batch('owner-7', 'batch-1')", 'batches_pkey'],
  ])('%s reads an index, and never a whole table', async (_, call, index) => {
    const steps = await stepsOf(call);
    expect(steps.join('\n')).toContain(index);
    expect(steps.filter((step) => step.startsWith('Seq Scan'))).toEqual([]);
  });

  it.each([
    ['everything', list({})],
    ['a symbol', list({ labels: ['symbol:AAPL'] })],
    ['a status', list({ statuses: ['completed'] })],
  ])('a list of %s is not sorted: the index has its order', async (_, call) => {
    expect((await stepsOf(call)).filter((step) => step.startsWith('Sort'))).toEqual([]);
  });
});

/** Half of them of one owner, one in 1,000 of another. One in 1,000 is open, one in 100 has the tag `rare`. */
function manyRuns(count: number): string {
  return `
    set session_replication_role = replica; -- checks no reference
    insert into public.batches select 'batch-' || n, 'owner-7', 'B', 'completed', null, 1000000 + n, null, null, null, 0, 0, 1 from generate_series(1, 1000) n;
    insert into public.runs
    select 'run-' || n, 'backtest', case when n % 1000 = 500 then 'owner-9' when n % 2 = 0 then 'owner-1' else 'owner-7' end, 'Run ' || n, 'run ' || n, '{}', 'sma-cross', '{AAPL}',
      '1d', case when n % 1000 = 0 then 'running' when n % 50 = 1 then 'failed' else 'completed' end, null, null, 10, 10, 0, 1000000 + n, null, null,
      null, null, 1, n, 10, case when n between 500 and 600 then 'batch-1' end, case when n between 500 and 600 then n - 500 end,
      '{}', null, null, null, 1, 1
    from generate_series(1, ${count}) n;
    insert into public.run_labels
    select owner, 'symbol:' || case when change % 3 = 0 then 'AAPL' else 'IBM' end, created_at, id from public.runs
    union all select owner, 'tag:rare', created_at, id from public.runs where change % 100 = 1;
    insert into public.run_changes
    select owner, change, id, 'done', status, null, null, 10, 10, 0, null, 0, 10, created_at from public.runs;
    analyze public.runs, public.run_labels, public.run_changes, public.batches`;
}
