import { ActivityCancellationDetails, CancelledFailure, type ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { HoldfastError } from '../shared/errors.ts';
import { withFailures } from './failures.ts';

/** Each failure would be logged with its stack. */
const logger = new DefaultLogger('ERROR');

describe('an activity that fails', () => {
  it('fails with the code of the error table as type, and says every fault', async () => {
    const faults = [{ path: 'data.symbols.0', message: 'is not known' }];
    const failure = await failureOf(new HoldfastError('unknown_symbol', 'No such symbol', { faults }));
    expect(failure).toMatchObject({ type: 'unknown_symbol', nonRetryable: true, message: 'No such symbol; data.symbols.0 is not known' });
  });

  it('is retried when the table says that a retry may help', async () => {
    expect(await failureOf(new HoldfastError('store_unavailable', 'Away'))).toMatchObject({ nonRetryable: false });
  });

  it('is retried twice when nobody foresaw the error, and then no more', async () => {
    const failing = failingWith(new TypeError('x is undefined'));
    expect([await failing(1), await failing(2), await failing(3)]).toMatchObject([false, false, true].map(final));
  });

  it('is retried as often after workers were lost, whose attempts count with Temporal', async () => {
    const failing = failingWith(new TypeError('x is undefined'));
    expect([await failing(7), await failing(8), await failing(11)]).toMatchObject([false, false, true].map(final));
  });

  it("answers an operator's pause with the pause itself, not with the AbortError that it led to", async () => {
    const environment = new MockActivityEnvironment({}, { logger });
    const untilAborted = withFailures(async () => {
      environment.cancel('PAUSED', new ActivityCancellationDetails({ paused: true }));
      throw new DOMException('The operation was aborted', 'AbortError');
    });
    await expect(environment.run(untilAborted)).rejects.toBeInstanceOf(CancelledFailure);
  });
});

function final(nonRetryable: boolean): Partial<ApplicationFailure> {
  return { nonRetryable };
}

/** One activity that fails at each attempt. */
function failingWith(error: Error): (attempt: number) => Promise<unknown> {
  const activity = withFailures(async () => {
    throw error;
  });
  return (attempt) => new MockActivityEnvironment({ attempt }, { logger }).run(activity).catch((failure: unknown) => failure);
}

async function failureOf(error: Error): Promise<unknown> {
  return failingWith(error)(1);
}
