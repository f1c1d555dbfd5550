import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Command } from 'commander';
import { type Context, EXIT } from './context.ts';

const DOCTOR = path.join(import.meta.dirname, '../worker/doctor.ts');

/**
 * `holdfast doctor`: what is not well, and how to mend it. It must also work where no API answers, so that the clone's own worker code looks, as a
 * process of its own: this command knows the service over HTTP only.
 */
export function addDoctorCommand(program: Command, context: Context): void {
  program
    .command('doctor')
    .description('look at everything that the service needs, with the settings of a worker, and say how to mend it')
    .action(async (_options: object, command: Command) => {
      const { url, json } = command.optsWithGlobals<{ url?: string; json?: boolean }>();
      const env = { ...context.env, ...(url !== undefined && { HOLDFAST_URL: url }) };
      const doctor = spawn(process.execPath, [DOCTOR, ...(json ? ['--json'] : [])], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      doctor.stdout.pipe(context.stdout, { end: false });
      doctor.stderr.pipe(context.stderr, { end: false });
      const [status] = (await once(doctor, 'close')) as [number | null];
      if (status !== 0) context.status = EXIT.failed;
    });
}
