import { CONTROL } from '../shared/slice-control.ts';
import { loadModule } from './load-module.ts';
import { serveJob } from './serve-job.ts';

/** Loads the module of a file and says what it is. */
serveJob(async ({ file }: { file: string }, { control }) => {
  control[CONTROL.pulse] = 1;
  const { title, description, params } = await loadModule(file);
  return { value: { title, description, params }, kept: null };
});
