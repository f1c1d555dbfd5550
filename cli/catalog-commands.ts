import type { Command } from 'commander';
import * as z from 'zod';
import { SourceInfo, SymbolInfo } from '../shared/dataset.ts';
import { StrategyInfo } from '../shared/strategy.ts';
import { type Context, clientOf, print } from './context.ts';
import { datasetsTable, strategiesTable, symbolsTable } from './tables.ts';

/** `holdfast strategies` and `holdfast datasets [SOURCE]` */
export function addCatalogCommands(program: Command, context: Context): void {
  program
    .command('strategies')
    .description('what can be run, with its parameters')
    .action(async (_options: object, command: Command) => {
      const answer = await clientOf(command, context).json({ path: '/v1/strategies' });
      print(command, context, answer, () => strategiesTable(listOf(StrategyInfo).parse(answer).items));
    });
  program
    .command('datasets')
    .argument('[source]', 'list the symbols of this source')
    .description('where bars can come from')
    .action(async (source: string | undefined, _options: object, command: Command) => {
      const path = source === undefined ? '/v1/datasets' : `/v1/datasets/${encodeURIComponent(source)}/symbols`;
      const answer = await clientOf(command, context).json({ path });
      print(command, context, answer, () =>
        source === undefined ? datasetsTable(listOf(SourceInfo).parse(answer).items) : symbolsTable(listOf(SymbolInfo).parse(answer).items),
      );
    });
}

function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item) });
}
