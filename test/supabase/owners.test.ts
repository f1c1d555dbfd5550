import { v7 as uuidv7 } from 'uuid';
import { beforeEach, describe, expect, it } from 'vitest';
import { specOf } from '../../results/contract-rig.ts';
import { createSupabaseStore } from '../../results/supabase.ts';
import type { Supabase } from '../rig/supabase.ts';
import { emptied, sharedProject } from './project.ts';

const project = sharedProject();
let supabase: Supabase;
beforeEach(async (context) => {
  supabase = project(context);
  await emptied(supabase);
});

const submit = (store: ReturnType<typeof createSupabaseStore>, owner: string) =>
  store.submit({ id: uuidv7(), kind: 'backtest', owner, spec: specOf(), total: 1, idempotency: null });

describe('owners', () => {
  it('do not wait for each other: one whose transaction does not end holds up nobody else', async () => {
    const store = createSupabaseStore(supabase);
    await submit(store, 'noisy');
    await supabase.sql('begin');
    await supabase.sql("select private.lock_owner('noisy')");
    const waiting = submit(store, 'noisy');
    expect(await submit(store, 'quiet')).toMatchObject({ outcome: 'accepted' });
    expect(await Promise.race([waiting, Promise.resolve('waits')])).toBe('waits');
    await supabase.sql('commit');
    expect(await waiting).toMatchObject({ outcome: 'accepted' });
    store.close();
  });

  it('are told every change in order while many are written, without a gap', async () => {
    const stores = [createSupabaseStore(supabase), createSupabaseStore(supabase)];
    const writes = Promise.all(Array.from({ length: 60 }, (_, i) => submit(stores[i % 2]!, 'busy')));
    const seen: number[] = [];
    for (let isOver = false; seen.length < 60;) {
      const changes = await stores[0]!.changesAfter({ owner: 'busy', runId: null, after: seen.at(-1) ?? 0, limit: 1_000 });
      seen.push(...changes.map(({ change }) => change));
      if (isOver && changes.length === 0) break;
      isOver = await Promise.race([writes.then(() => true), Promise.resolve(false)]);
    }
    await writes;
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    for (const store of stores) store.close();
  });
});
