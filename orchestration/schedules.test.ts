import { Metadata } from '@grpc/grpc-js';
import { ScheduleNotFoundError, ServiceError, type Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { GRPC } from './grpc-errors.ts';
import { createTemporalSchedules } from './schedules.ts';

/** Schedules of a server that answers every question for one with this error. */
function schedulesFailing(error: Error) {
  const describe = async (): Promise<never> => {
    throw error;
  };
  const client = { schedule: { getHandle: () => ({ describe }) } } as unknown as Client;
  return createTemporalSchedules(client, { taskQueue: 'holdfast', apiUrl: 'http://127.0.0.1:4000' });
}

function grpcError(code: number): Error {
  const cause = Object.assign(new Error('said by the server'), { code, details: 'said by the server', metadata: new Metadata() });
  return new ServiceError('a call has failed', { cause });
}

it.each([
  ['has gone', new ScheduleNotFoundError('gone', 'x')],
  ['is not described in time', grpcError(GRPC.deadlineExceeded)],
  ['is not described in time, which the client calls cancelled', grpcError(GRPC.cancelled)],
])('a schedule that %s is not taken for an own one', async (_, error) => {
  expect(await schedulesFailing(error).isOwn('x', Infinity)).toBe(false);
});

it('that Temporal is away is said', async () => {
  await expect(schedulesFailing(grpcError(GRPC.unavailable)).isOwn('x', Infinity)).rejects.toThrow('a call has failed');
});
