import { SearchAttributeType, defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import type { RunKind, RunPhase } from '../shared/names.ts';
import type { BacktestInput, SweepInput } from '../shared/start.ts';

const phaseKey = defineSearchAttributeKey('RunPhase', SearchAttributeType.KEYWORD);
const progressKey = defineSearchAttributeKey('RunProgress', SearchAttributeType.DOUBLE);

/** What operators search by. Each upsert is an event and a write to the visibility store, so it is done at changes of phase only. */
export function showPhase(phase: RunPhase | 'paused' | 'done', progress: number): void {
  upsertSearchAttributes([
    { key: phaseKey, value: phase },
    { key: progressKey, value: progress },
  ]);
}

/** What a workflow that another one starts is found by; one that the service starts is given the same. */
export function attributesOfItem({ owner, spec }: BacktestInput): SearchAttributePair[] {
  return attributesOf({ owner, kind: 'backtest', strategy: spec.strategy.name, symbols: spec.data.symbols });
}

/** As {@link attributesOfItem}. */
export function attributesOfSweep({ owner, strategy, symbols }: SweepInput): SearchAttributePair[] {
  return attributesOf({ owner, kind: 'sweep', strategy, symbols });
}

interface Found {
  owner: string;
  kind: RunKind;
  strategy: string;
  symbols: readonly string[];
}

function attributesOf({ owner, kind, strategy, symbols }: Found): SearchAttributePair[] {
  const words = { RunOwner: owner, RunKind: kind, RunStrategy: strategy, RunPhase: 'queued' };
  return [
    ...Object.entries(words).map(([name, value]) => ({ key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD), value })),
    { key: defineSearchAttributeKey('RunSymbols', SearchAttributeType.KEYWORD_LIST), value: symbols.slice(0, 50) },
    { key: progressKey, value: 0 },
  ];
}
