import type { InterceptingCall, InterceptorOptions } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { callDeadline } from './call-deadline.ts';

/** The deadline with which a call goes on its way. */
function deadlineOf(asked: Partial<InterceptorOptions>): unknown {
  let passed: InterceptorOptions | undefined;
  callDeadline(10_000)(asked as InterceptorOptions, (options) => {
    passed = options;
    return {} as InterceptingCall;
  });
  return passed!.deadline;
}

it('a call without a deadline gets one', () => {
  const before = Date.now();
  const deadline = deadlineOf({}) as number;
  expect(deadline).toBeGreaterThanOrEqual(before + 10_000);
  expect(deadline).toBeLessThanOrEqual(Date.now() + 10_000);
});

it('a call that has one keeps it', () => {
  expect(deadlineOf({ deadline: 7 })).toBe(7);
});
