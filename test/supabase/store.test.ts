import { describeResultStore } from '../../results/contract.ts';
import { createSupabaseStore } from '../../results/supabase.ts';
import { emptied, sharedProject } from './project.ts';

const project = sharedProject();

describeResultStore('Supabase', async (context) => {
  const supabase = project(context);
  await emptied(supabase);
  return { open: () => createSupabaseStore(supabase), dispose: () => undefined };
});
