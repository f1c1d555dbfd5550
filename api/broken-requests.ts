import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { HoldfastError } from '../shared/errors.ts';
import { PROBLEM_TYPE, problemOf } from './problems.ts';

const LONG = 'The headers are longer than 16 KiB together. Send fewer, or a shorter address.';
const SLOW = 'The request took too long to come in. Send it again, over a better line.';
const BROKEN = 'This is no request of HTTP/1.1. Its length must be said once, and in one way.';

/** By the names that Node's parser gives. */
const STATUSES: Readonly<Record<string, [status: number, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, LONG],
  ERR_HTTP_REQUEST_TIMEOUT: [408, SLOW],
};

/** Answers what never became a request, and ends the connection: what comes after it cannot be told from it. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) return void socket.destroy();
  const [status, detail] = STATUSES[error.code ?? ''] ?? [400, BROKEN];
  const title = STATUS_CODES[status]!;
  const body = JSON.stringify({ ...problemOf(new HoldfastError('malformed_request', detail)), title, status });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
