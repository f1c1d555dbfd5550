import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { ERRORS, HoldfastError, type ErrorCode } from '../shared/errors.ts';
import { Problem } from '../shared/problem.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** The documented error answers of a route, for its response schema. */
export function problems(...statuses: (keyof typeof STATUS_CODES)[]) {
  return Object.fromEntries(
    statuses.map((status) => [status, { description: STATUS_CODES[status] ?? '', content: { [PROBLEM_TYPE]: { schema: Problem } } }]),
  );
}

/** The one place where an error becomes an answer. */
export function answerError(error: FastifyError | HoldfastError | Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = asHoldfastError(error);
  const { status } = ERRORS[known?.code ?? 'internal'];
  if (status >= 500) request.log[known === null ? 'error' : 'warn']({ err: error }, 'request failed');
  // What went wrong inside is for the log: it may name paths or data of others.
  const detail = known?.message ?? `Try again. If it stays, look in the log of the service for request ${request.id}.`;
  return sendProblem(reply, known ?? new HoldfastError('internal', detail));
}

/** Sends an error as RFC 9457 problem details. */
export function sendProblem(reply: FastifyReply, error: HoldfastError): FastifyReply {
  const problem = problemOf(error);
  const { status } = problem;
  if (status === 503) reply.header('retry-after', '2');
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="holdfast"');
  return reply.code(status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

/** An error as RFC 9457 problem details. */
export function problemOf({ code, message, faults }: HoldfastError): z.infer<typeof Problem> {
  const { status, title } = ERRORS[code];
  return { type: `/docs/#${code}`, title, status, detail: message, code, errors: [...faults] };
}

const BY_STATUS: Partial<Record<number, [code: ErrorCode, advice: string]>> = {
  413: ['payload_too_large', 'Send less than 1 MiB.'],
  415: ['unsupported_media_type', 'Send JSON with "Content-Type: application/json".'],
};

/** An error of our own, or one that the framework found in the request; null for anything unexpected. */
function asHoldfastError(error: Error): HoldfastError | null {
  if (error instanceof HoldfastError) return error;
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (status < 400 || status >= 500) return null;
  const [code, advice] = BY_STATUS[status] ?? (['malformed_request', 'Correct the request.'] as const);
  return new HoldfastError(code, `${error.message}. ${advice}`, { cause: error });
}
