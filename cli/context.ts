import type { Command } from 'commander';
import { type HttpClient, createHttpClient } from './http-client.ts';

export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** What every command works with; scripts get pure JSON on stdout, and all else goes to stderr. */
export interface Context {
  env: NodeJS.ProcessEnv;
  stdin: NodeJS.ReadableStream;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WriteStream;
  /** From the first call on, Ctrl-C no longer ends the process but aborts the signal. */
  untilInterrupted: () => AbortSignal;
  /** Exit status so far; a command raises it. */
  status: number;
}

/** A wrong argument or an unreadable spec: exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

interface GlobalOptions {
  url?: string;
  json?: boolean;
}

/** The client for the service that --url or HOLDFAST_URL names. */
export function clientOf(command: Command, { env }: Context): HttpClient {
  const { url } = command.optsWithGlobals<GlobalOptions>();
  const address = url ?? (env.HOLDFAST_URL || 'http://127.0.0.1:4000');
  if (!URL.canParse(address)) throw new UsageError(`"${address}" is not an address; write it like http://127.0.0.1:4000.`);
  return createHttpClient({ url: address, token: env.HOLDFAST_TOKEN });
}

/** Writes `value` as JSON when --json was given, else what `describe` makes of it. */
export function print(command: Command, { stdout }: Context, value: unknown, describe: () => string): void {
  const { json } = command.optsWithGlobals<GlobalOptions>();
  stdout.write(`${json ? JSON.stringify(value, null, 2) : describe()}\n`);
}
