import { Command, CommanderError } from 'commander';
import { addAccountCommands } from './account-commands.ts';
import { addBatchCommand } from './batch-command.ts';
import { addCatalogCommands } from './catalog-commands.ts';
import { type Context, EXIT, UsageError } from './context.ts';
import { addControlCommands } from './control-commands.ts';
import { RefusedError, UnreachableError } from './http-client.ts';
import { addDataCommands } from './data-commands.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addListCommands } from './list-commands.ts';
import { addResultCommands } from './result-commands.ts';
import { addRunCommand } from './run-command.ts';
import { addSweepCommands } from './sweep-commands.ts';
import { addScheduleCommands } from './schedule-command.ts';
import { addStrategyCommands } from './strategy-commands.ts';
import { addVerifyCommand } from './verify-command.ts';

const EXAMPLES = `
Examples:
  holdfast run examples/sma-cross.json --watch
  holdfast ls --status running,paused
  holdfast trades 01990c3e --csv > trades.csv

Environment: HOLDFAST_URL (http://127.0.0.1:4000), HOLDFAST_TOKEN (a token, made by holdfast token create);
holdfast doctor reads the settings of a worker, too.
Exit status: 0 done, 1 failed or cancelled, 2 wrong usage or a refused spec, 130 stopped watching.`;

/** The `holdfast` command; `args` without node and script. Resolves to the exit status. */
export async function runCli(args: readonly string[], context: Context): Promise<number> {
  const program = createProgram(context);
  try {
    await program.parseAsync(args, { from: 'user' });
    return context.status;
  } catch (error) {
    return statusOf(error, context);
  }
}

function createProgram(context: Context): Command {
  const program = new Command('holdfast')
    .description('Run backtests that finish, whatever crashes on the way')
    .option('--url <address>', 'address of the service')
    .option('--json', 'pure JSON on stdout, for scripts')
    .addHelpText('after', EXAMPLES)
    .configureOutput({ writeOut: (text) => context.stdout.write(text), writeErr: (text) => context.stderr.write(text) })
    .showHelpAfterError('(holdfast --help, or holdfast COMMAND --help, shows what there is)')
    .exitOverride();
  const add = [
    addRunCommand,
    addBatchCommand,
    addListCommands,
    addControlCommands,
    addResultCommands,
    addCatalogCommands,
    addDataCommands,
    addStrategyCommands,
    addSweepCommands,
    addScheduleCommands,
    addVerifyCommand,
    addAccountCommands,
    addDoctorCommand,
  ];
  for (const addCommands of add) addCommands(program, context);
  for (const command of program.commands.flatMap((each) => [each, ...each.commands])) {
    // So that they can also be written after the command.
    command.option('--url <address>', 'address of the service').option('--json', 'pure JSON on stdout, for scripts');
  }
  return program;
}

function statusOf(error: unknown, { stderr }: Context): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  const expected = error instanceof UsageError || error instanceof RefusedError || error instanceof UnreachableError;
  stderr.write(`${expected || !(error instanceof Error) ? String(error instanceof Error ? error.message : error) : error.stack}\n`);
  const refusedInput = error instanceof RefusedError && [400, 422].includes(error.problem.status);
  return error instanceof UsageError || refusedInput ? EXIT.usage : EXIT.failed;
}
