import { expect, it, vi } from 'vitest';
import type { OperatorPause } from '../orchestration/workflow-state.ts';
import { watchOperatorPauses } from './operator-pauses.ts';

const PAUSE: OperatorPause = { activity: 'simulate', by: 'me', reason: 'the machine is needed', since: 1_000 };

function watched(answer: () => Promise<OperatorPause | null>, available = true) {
  let asked = 0;
  const orchestrator = {
    available: async () => available,
    operatorPause: () => {
      asked += 1;
      return answer();
    },
  };
  return { pauseOf: watchOperatorPauses(orchestrator), asked: () => asked };
}

it('waits for the first answer, and asks no more for a second, however many look', async () => {
  const { pauseOf, asked } = watched(async () => PAUSE);
  expect(await pauseOf('1')).toEqual(PAUSE);
  for (let look = 0; look < 50; look += 1) expect(await pauseOf('1')).toEqual(PAUSE);
  expect(asked()).toBe(1);
});

it('asks again after a second, and gives the old answer meanwhile', async () => {
  let now: OperatorPause | null = PAUSE;
  const { pauseOf, asked } = watched(async () => now);
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  await pauseOf('1');
  now = null;
  clock.mockReturnValue(1_500);
  expect(await pauseOf('1')).toEqual(PAUSE);
  expect(await pauseOf('1')).toBeNull();
  expect(asked()).toBe(2);
  clock.mockRestore();
});

it('knows of no pause where Temporal is away or does not answer in time', async () => {
  const away = watched(async () => PAUSE, false);
  expect(await away.pauseOf('1')).toBeNull();
  expect(away.asked()).toBe(0);
  expect(await watched(() => Promise.reject(new Error('gone'))).pauseOf('1')).toBeNull();
  expect(await watched(() => new Promise(() => undefined)).pauseOf('1')).toBeNull();
});
