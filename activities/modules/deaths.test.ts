import type { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { HoldfastError } from '../../shared/errors.ts';
import { afterDeath } from './deaths.ts';

describe("the death of a module's process", () => {
  const crash = new HoldfastError('module_crashed', 'It ended.');

  it('is counted, retried twice, and final with its code the third time', () => {
    let counted = 0;
    const failures = [0, 1, 2].map((before) => afterDeath(crash, before, () => (counted += 1)));
    expect(counted).toBe(3);
    expect(failures.slice(0, 2)).toEqual([crash, crash]);
    expect(failures[2]).toMatchObject({ type: 'module_crashed', nonRetryable: true } satisfies Partial<ApplicationFailure>);
  });

  it('is not what an error of the strategy itself is', () => {
    const thrown = new HoldfastError('strategy_failed', 'It threw.');
    const remember = () => {
      throw new Error('nothing has died');
    };
    expect(afterDeath(thrown, 2, remember)).toBe(thrown);
  });
});
