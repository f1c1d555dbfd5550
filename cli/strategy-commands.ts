import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { StrategyInfo } from '../shared/strategy.ts';
import { type Context, clientOf, EXIT, print, UsageError } from './context.ts';
import { strategyTemplate } from './strategy-template.ts';
import { strategiesTable } from './tables.ts';

const MODULES = path.resolve(import.meta.dirname, '../strategies/modules');
const NAME = /^[a-z][a-z0-9-]{0,63}$/;

/** `holdfast strategy new NAME` and `holdfast strategy check NAME` */
export function addStrategyCommands(program: Command, context: Context): void {
  const group = program.command('strategy').description('your own strategies, as TypeScript modules');
  group
    .command('new')
    .argument('<name>', 'name of the strategy and of its file, such as gap-fade')
    .description('write a strategy to begin from into strategies/modules/')
    .action((name: string, _options: object, command: Command) => {
      const file = newStrategy(name, context.env.HOLDFAST_MODULES || MODULES);
      print(command, context, { name, file }, () => `Wrote ${file}\nEdit it, then: holdfast strategy check ${name}`);
    });
  group
    .command('check')
    .argument('<name>', 'name of the strategy')
    .description('let the service load a strategy and say what is wrong with it')
    .action(async (name: string, _options: object, command: Command) => {
      const answer = await clientOf(command, context).json({ path: `/v1/strategies/${encodeURIComponent(name)}` });
      const info = StrategyInfo.parse(answer);
      if (info.error !== null) context.status = EXIT.failed;
      print(command, context, answer, () => strategiesTable([info]));
    });
}

function newStrategy(name: string, folder: string): string {
  if (!NAME.test(name))
    throw new UsageError(`"${name}" is not a name for a strategy: write lower-case letters, digits and hyphens, such as gap-fade.`);
  const file = path.join(folder, `${name}.ts`);
  if (existsSync(file)) throw new UsageError(`${file} exists already. Take another name, or edit that file.`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, strategyTemplate(name), { flag: 'wx' });
  return file;
}
