import { fork, type ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HoldfastError } from '../../shared/errors.ts';
import { slotsFile, slotStart } from './number-slots.ts';
import type { FilledSlot, TableAnswer, TableLimits, TableRequest, TableRow } from './table-process.ts';

/** Reads files by SQL, in a process that can see nothing else. Statements that do not succeed reject with a {@link TableError}. */
export interface TableSession {
  /** Of small answers with plain values. */
  rows(sql: string): Promise<TableRow[]>;
  /**
   * Rows of doubles as columns, some ten thousand at a time; NaN where there is no value. Columns stay as they are until the third ones after them are
   * asked for.
   */
  numbers(sql: string): AsyncGenerator<Float64Array[]>;
  /** Ends the process, and what it is at. */
  close(): Promise<void>;
}

/** The words of the database. */
export class TableError extends Error {
  override readonly name = 'TableError';
}

const PROGRAM = new URL('./table-process.ts', import.meta.url);
const MEMORY_MB = 512;
/** Memories for columns that are filled in turn: fresh ones would take longer to get and to collect than the columns to copy. One is on its way ahead. */
const IN_TURN = 4;

interface SessionOptions {
  /** Ends it. */
  signal?: AbortSignal | undefined;
  /** Most of the disk for what does not fit into memory; without, all there is. */
  temporaryMb?: number;
}

/** `folders`: that may be read. */
export async function openTables(folders: readonly string[], { signal, temporaryMb }: SessionOptions = {}): Promise<TableSession> {
  signal?.throwIfAborted();
  const temporary = await mkdtemp(join(tmpdir(), 'holdfast-tables-'));
  const child = fork(PROGRAM, [], { serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const ended = once(child, 'exit').catch(() => undefined);
  const end = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', end, { once: true });
  const limits: TableLimits = { folders, temporary, memoryMb: MEMORY_MB, temporaryMb };
  const { ask, send, next } = createDialogue(child, signal);
  await ask({ kind: 'open', limits });
  const file = await open(slotsFile(temporary), 'r');
  return {
    async rows(sql) {
      const answer = await ask({ kind: 'rows', sql });
      return answer.kind === 'rows' ? answer.rows : [];
    },
    async *numbers(sql) {
      const memories: Float64Array[] = [];
      let number = 0;
      const take = async (answer: TableAnswer) => {
        if (answer.kind !== 'slot') return null;
        const length = answer.rows * answer.columns;
        const turn = number++ % IN_TURN;
        if (!(memories[turn] !== undefined && memories[turn].length >= length)) memories[turn] = new Float64Array(length);
        const columns = await readSlot(file, answer, memories[turn].subarray(0, length));
        send({ kind: 'taken' });
        return columns;
      };
      let columns = await take(await ask({ kind: 'numbers', sql }));
      while (columns !== null) {
        // On the way while these are worked on.
        const following = next().then(take);
        following.catch(() => undefined); // told when it is waited for
        yield columns;
        columns = await following;
      }
    },
    async close() {
      signal?.removeEventListener('abort', end);
      end();
      await ended;
      await file.close();
      await rm(temporary, { recursive: true, force: true });
    },
  };
}

async function readSlot(file: FileHandle, { slot, rows, columns }: FilledSlot, all: Float64Array): Promise<Float64Array[]> {
  await file.read(all, 0, all.byteLength, slotStart(slot, columns));
  return Array.from({ length: columns }, (_, index) => all.subarray(index * rows, (index + 1) * rows));
}

/** Answers in their order; one that says what failed, and the end of the process, are errors. */
function createDialogue(child: ChildProcess, signal: AbortSignal | undefined) {
  const answers = on(child, 'message', { close: ['exit'] });
  const over = (cause: unknown): Error =>
    signal?.aborted
      ? (signal.reason as Error)
      : new HoldfastError(
          'bad_data',
          'The process that reads the file ended before it was done: the file is damaged, or too large for the memory there is.',
          { cause },
        );

  async function next(): Promise<TableAnswer> {
    const { value, done } = await answers.next().catch((error: unknown) => {
      throw over(error);
    });
    if (done) throw over(undefined);
    const [answer] = value as [TableAnswer];
    if (answer.kind === 'failed') throw new TableError(answer.message);
    return answer;
  }

  function send(request: TableRequest): void {
    // Where the process is gone, its exit says so.
    if (child.connected) child.send(request, () => undefined);
  }

  function ask(request: TableRequest): Promise<TableAnswer> {
    send(request);
    return next();
  }
  return { ask, send, next };
}

/** A name in a statement, whatever is in it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in a statement, whatever is in it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
