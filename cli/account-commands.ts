import type { Command } from 'commander';
import * as z from 'zod';
import { ShareWithSecret, Token, TokenWithSecret } from '../shared/credential.ts';
import { type Context, clientOf, print } from './context.ts';
import { resolveRunId } from './run-id.ts';
import { tokensTable } from './tables.ts';
import { wholeNumber } from './whole-number.ts';

const Me = z.object({ owner: z.string(), by: z.string(), plan: z.string().nullable() });
const Tokens = z.object({ items: z.array(Token) });

/** `holdfast me`, `holdfast token …` and `holdfast share ID` */
export function addAccountCommands(program: Command, context: Context): void {
  program
    .command('me')
    .description('who you are to the service, your limits, and what you have used')
    .action(async (_options: object, command: Command) => {
      const answer = await clientOf(command, context).json({ path: '/v1/me' });
      print(command, context, answer, () => describeMe(Me.parse(answer)));
    });
  addTokenCommands(program, context);
  program
    .command('share')
    .argument('<id>', 'id of a run, or its beginning')
    .description('make a link by which anyone reads the run')
    .option('--hours <count>', 'until it expires', wholeNumber, 168)
    .action(async (text: string, { hours }: { hours: number }, command: Command) => {
      const client = clientOf(command, context);
      const body = { run: await resolveRunId(client, text), expiresInHours: hours };
      const answer = await client.json({ method: 'POST', path: '/v1/shares', body });
      print(command, context, answer, () => ShareWithSecret.parse(answer).url);
    });
}

function addTokenCommands(program: Command, context: Context): void {
  const token = program.command('token').description('tokens for programs: put one into HOLDFAST_TOKEN');
  token
    .command('create')
    .argument('<name>', 'what it is for')
    .description('make a token; its secret is shown this once')
    .option('--write', 'it may also submit and steer runs')
    .option('--days <count>', 'until it expires, up to 366', wholeNumber, 90)
    .action(async (name: string, { write, days }: { write?: boolean; days: number }, command: Command) => {
      const body = { name, scopes: write ? ['read', 'write'] : ['read'], expiresInDays: days };
      const answer = await clientOf(command, context).json({ method: 'POST', path: '/v1/tokens', body });
      print(command, context, answer, () => TokenWithSecret.parse(answer).secret);
    });
  token
    .command('ls')
    .description('list your tokens')
    .action(async (_options: object, command: Command) => {
      const answer = await clientOf(command, context).json({ path: '/v1/tokens' });
      print(command, context, answer, () => tokensTable(Tokens.parse(answer).items));
    });
  token
    .command('revoke')
    .argument('<id>', 'id of a token')
    .description('make a token worth nothing')
    .action(async (id: string, _options: object, command: Command) => {
      await clientOf(command, context).json({ method: 'DELETE', path: `/v1/tokens/${encodeURIComponent(id)}` });
      print(command, context, { revoked: id }, () => `Revoked ${id}.`);
    });
}

function describeMe({ owner, by, plan }: z.infer<typeof Me>): string {
  return `${owner}, known by: ${by}${plan === null ? '' : `, plan ${plan}`}. --json shows limits and use.`;
}
