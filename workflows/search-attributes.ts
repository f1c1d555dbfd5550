import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import type { RunPhase } from '../shared/names.ts';

const phaseKey = defineSearchAttributeKey('RunPhase', SearchAttributeType.KEYWORD);
const progressKey = defineSearchAttributeKey('RunProgress', SearchAttributeType.DOUBLE);

/** What operators search by. Each upsert is an event and a write to the visibility store, so it is done at changes of phase only. */
export function showPhase(phase: RunPhase | 'paused' | 'done', progress: number): void {
  upsertSearchAttributes([
    { key: phaseKey, value: phase },
    { key: progressKey, value: progress },
  ]);
}
