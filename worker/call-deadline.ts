import { InterceptingCall, type Interceptor } from '@grpc/grpc-js';

/**
 * Gives calls that name no deadline one of `ms` from now. By default they have none, and there are questions that a server holds for long, such as
 * one for a schedule that is just being removed.
 */
export function callDeadline(ms: number): Interceptor {
  return (options, nextCall) => new InterceptingCall(nextCall({ ...options, deadline: options.deadline ?? Date.now() + ms }));
}
