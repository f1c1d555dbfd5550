import type { Command } from 'commander';
import { runPathOf } from '../shared/names.ts';
import { Result, RunSummary, type Verification } from '../shared/run.ts';
import { type Context, clientOf, EXIT, print } from './context.ts';
import { createProgressView } from './progress.ts';
import { resolveRunId } from './run-id.ts';
import { watchRun } from './watch-run.ts';

/** `holdfast verify ID` */
export function addVerifyCommand(program: Command, context: Context): void {
  program
    .command('verify')
    .argument('<id>', 'id of a run, or its beginning')
    .description('run it again on the same bars, and say whether the same bytes come out; the exit status then is 0')
    .action(async (text: string, _options: object, command: Command) => {
      const client = clientOf(command, context);
      const accepted = await client.json({ method: 'POST', path: `/v1/backtests/${await resolveRunId(client, text)}/verify` });
      const { id } = RunSummary.parse(accepted);
      context.stderr.write(`Run ${id}\n`);
      const { status, error } = RunSummary.parse(
        await watchRun(client, runPathOf(id), createProgressView(context.stderr), context.untilInterrupted()),
      );
      if (status !== 'completed') {
        context.status = EXIT.failed;
        return print(
          command,
          context,
          { id, status, error },
          () => `The run ${id} is ${status}${error === null ? '.' : `: ${error.message}`}`,
        );
      }
      const { verification } = Result.parse(await client.json({ path: `/v1/backtests/${id}/result` }));
      if (!verification?.identical) context.status = EXIT.failed;
      print(command, context, { id, verification }, () => describe(verification));
    });
}

const OUTCOMES: Record<Verification['outcome'], string> = {
  identical: 'Identical: curve, trades, orders, log and metrics have the same bytes.',
  different: 'Different:',
  engine_changed: 'Engine or strategy is another one now:',
};

function describe(verification: Verification | undefined): string {
  if (verification === undefined) return 'The run was not compared.';
  const { outcome, identical, differences } = verification;
  const lines = differences.map(({ what, before, after }) => `  ${what}: ${before} → ${after}`);
  return [OUTCOMES[outcome], ...lines, ...(outcome === 'engine_changed' && identical ? ['The results have the same bytes.'] : [])].join(
    '\n',
  );
}
