import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { HoldfastError } from '../../shared/errors.ts';
import { numberMessages } from './number-messages.ts';
import type { TableAnswer, TableLimits, TableRequest, TableRow } from './table-process.ts';

/** Reads files by SQL, in a process that can see nothing else. Statements that do not succeed reject with a {@link TableError}. */
export interface TableSession {
  /** Of small answers with plain values. */
  rows(sql: string): Promise<TableRow[]>;
  /** Rows of doubles as columns, some ten thousand at a time; NaN where there is no value. */
  numbers(sql: string): AsyncGenerator<Float64Array[]>;
  /** Ends the process, and what it is at. */
  close(): Promise<void>;
}

/** The words of the database. */
export class TableError extends Error {
  override readonly name = 'TableError';
}

const NUMBERS_FD = 4;
const PROGRAM = new URL('./table-process.ts', import.meta.url);
const MEMORY_MB = 512;

/** `folders`: that may be read. Ends when the signal aborts. */
export async function openTables(folders: readonly string[], signal?: AbortSignal): Promise<TableSession> {
  signal?.throwIfAborted();
  const temporary = await mkdtemp(join(tmpdir(), 'holdfast-tables-'));
  const child = fork(PROGRAM, [], { serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'] });
  const ended = once(child, 'exit').catch(() => undefined);
  const end = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', end, { once: true });
  const limits: TableLimits = { folders, temporary, memoryMb: MEMORY_MB };
  const ask = createDialogue(child, signal);
  const pipe = child.stdio[NUMBERS_FD] as Readable;
  const messages = numberMessages(pipe);
  await ask({ kind: 'open', limits });

  return {
    async rows(sql) {
      const answer = await ask({ kind: 'rows', sql });
      return answer.kind === 'rows' ? answer.rows : [];
    },
    async *numbers(sql) {
      const done = ask({ kind: 'numbers', sql });
      // A race of promises would keep every message until the last one is there.
      done.catch((error: unknown) => pipe.destroy(error as Error));
      for (;;) {
        const next = await messages.next();
        if (next.done || next.value.length === 0) break;
        yield next.value;
      }
      await done;
    },
    async close() {
      signal?.removeEventListener('abort', end);
      end();
      await ended;
      await rm(temporary, { recursive: true, force: true });
    },
  };
}

/** One answer to each request, or an error. */
function createDialogue(child: ChildProcess, signal: AbortSignal | undefined): (request: TableRequest) => Promise<TableAnswer> {
  let waiting: PromiseWithResolvers<TableAnswer> | null = null;
  let isOver = false;
  child.on('message', (answer: TableAnswer) => {
    const { resolve, reject } = waiting!;
    waiting = null;
    if (answer.kind === 'failed') reject(new TableError(answer.message));
    else resolve(answer);
  });
  const over = (): Error =>
    signal?.aborted
      ? (signal.reason as Error)
      : new HoldfastError(
          'bad_data',
          'The process that reads the file ended before it was done: the file is damaged, or too large for the memory there is.',
        );
  const stop = (): void => {
    isOver = true;
    waiting?.reject(over());
  };
  child.once('exit', stop);
  child.once('error', stop);
  return (request) => {
    if (isOver) return Promise.reject(over());
    waiting = Promise.withResolvers();
    send(child, request);
    return waiting.promise;
  };
}

function send(child: ChildProcess, request: TableRequest): void {
  // Where the process is gone, its exit says so.
  if (child.connected) child.send(request, () => undefined);
}

/** A name in a statement, whatever is in it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in a statement, whatever is in it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
