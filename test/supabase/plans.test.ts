import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { connectTo } from '../rig/postgres.ts';
import { manyRuns } from '../rig/many-runs.ts';
import { migratedCopy } from '../rig/supabase.ts';

const RUNS = 100_000;
const postgres = inject('postgres');
let client: pg.Client;

beforeAll(async () => {
  if (!('port' in postgres)) return;
  client = await connectTo(postgres.port, await migratedCopy(postgres.port));
  await client.query(manyRuns(RUNS));
  await client.query('vacuum analyze'); // as the server does by itself
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
    ['a list by strategy', list({ strategy: 'rsi-reversion' }), 'runs_'],
    ['a search by text', list({ text: 'apple' }), 'runs_by_text'],
    ['a search by text with a symbol', list({ text: 'apple', labels: ['symbol:AAPL'] }), 'runs_by_text'],
    ['a list of an owner with few', listOf("'owner-9'", {}), 'runs_by_time'],
    ['a list over all owners', listOf('null', {}), 'runs_of_all'],
    ['a list by symbol', list({ labels: ['symbol:AAPL'] }), 'run_labels_pkey'],
    ['a later page by tag', list({ labels: ['tag:rare'], after }), 'run_labels_pkey'],
    ['a list by symbol and tag', list({ labels: ['symbol:AAPL', 'tag:rare'], statuses: ['completed'] }), 'run_labels_pkey'],
    ['a list by two labels that never meet', list({ labels: ['symbol:IBM', 'tag:third'] }), 'Merge Join'],
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
    const steps = await stepsOf(call);
    // What is shown is put in order again once it is read: a page.
    const finding = steps.slice(steps.indexOf('Limit'), steps.indexOf('Subquery Scan'));
    expect(finding.join('\n')).toMatch(/Limit\n.*Index/s);
    expect(finding.filter((step) => step.startsWith('Sort'))).toEqual([]);
  });
});
