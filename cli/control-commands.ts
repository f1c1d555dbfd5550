import type { Command } from 'commander';
import { RUN_REQUESTS } from '../shared/names.ts';
import { RunSummary } from '../shared/run.ts';
import { type Context, clientOf, print } from './context.ts';
import { resolveRunId } from './run-id.ts';

const EFFECT = {
  pause: 'stop a run at its next bar and keep it, to be resumed',
  resume: 'let a paused run go on',
  cancel: 'end a run; what it has so far is kept as a partial result',
} as const;

/** `holdfast pause|resume|cancel ID` */
export function addControlCommands(program: Command, context: Context): void {
  for (const request of RUN_REQUESTS) {
    program
      .command(request)
      .argument('<id>', 'id of a run, or its beginning')
      .description(EFFECT[request])
      .action(async (text: string, _options: object, command: Command) => {
        const client = clientOf(command, context);
        const id = await resolveRunId(client, text);
        const answer = await client.json({ method: 'POST', path: `/v1/backtests/${id}/${request}` });
        print(command, context, answer, () => `Recorded: ${request} run ${id}, which is ${RunSummary.parse(answer).status}.`);
      });
  }
}
