import { expect, it } from 'vitest';
import type { Backlog } from './backlog.ts';
import { createLiveness } from './liveness.ts';
import { countReports } from './sdk-metrics.ts';

/** A worker that reports and a queue that waits as a test says, and a clock that it moves. */
function setting() {
  const state = { seconds: 0, reports: 0, ageSeconds: 0 };
  const backlog = async (): Promise<Backlog[]> => [
    { queue: 'holdfast', kind: 'activity', count: state.ageSeconds > 0 ? 3 : 0, ageSeconds: state.ageSeconds },
  ];
  const whyStuck = createLiveness({ stuckSeconds: 60, reports: async () => state.reports, backlog, now: () => state.seconds * 1_000 });
  return { state, whyStuck };
}

it('a worker without work is well, however long', async () => {
  const { state, whyStuck } = setting();
  await whyStuck();
  state.seconds = 3_600;
  expect(await whyStuck()).toBeNull();
});

it('a worker that says nothing while tasks wait is stuck, until it says something', async () => {
  const { state, whyStuck } = setting();
  await whyStuck();
  Object.assign(state, { seconds: 59, ageSeconds: 59 });
  expect(await whyStuck()).toBeNull();
  Object.assign(state, { seconds: 61, ageSeconds: 61 });
  expect(await whyStuck()).toBe(
    'It has reported nothing for 61 s, while 3 activity tasks wait in the queue "holdfast", the first for 61 s',
  );
  state.reports = 1;
  expect(await whyStuck()).toBeNull();
});

it('a worker that is busy while more waits than it can do is well', async () => {
  const { state, whyStuck } = setting();
  for (let seconds = 0; seconds < 600; seconds += 5) {
    Object.assign(state, { seconds, ageSeconds: seconds, reports: seconds });
    expect(await whyStuck()).toBeNull();
  }
});

it('counts as reports what the server has taken', () => {
  const text = [
    'temporal_request{operation="RecordActivityTaskHeartbeat",namespace="default"} 40',
    'temporal_request{operation="RespondActivityTaskCompleted",namespace="default"} 5',
    'temporal_request_failure{operation="RespondActivityTaskCompleted",status_code="UNAVAILABLE"} 2',
    'temporal_request{operation="DescribeTaskQueue",namespace="default"} 100',
    'temporal_long_request{operation="PollActivityTaskQueue"} 7',
  ].join('\n');
  expect(countReports(text)).toBe(43);
});
