import useSWR from 'swr';
import { isTerminal } from '#shared/names.ts';
import type { Run } from '#shared/run.ts';
import { RefusedError } from '@/lib/api.ts';
import type { EquityCurve } from '@/lib/compare-curves.ts';
import { numbersOf, timesOf, type ColumnTable } from '@/lib/series.ts';
import { getApi } from '@/lib/use-api.ts';

/** A run with its curve; without one while it has no point yet. */
export interface ComparedRun {
  run: Run;
  curve: EquityCurve | null;
}

/** Enough for the days of about sixteen years each, and for a screen. */
const POINTS = 4_000;
const LOOK_MS = 2_000;

/** Runs in the order that was asked for; looked at again while one of them goes on. A run that is not there any more is an error of its own. */
export function useCompared(ids: readonly string[]) {
  return useSWR<ComparedRun[], Error>(['compare', ...ids], () => Promise.all(ids.map(readOne)), {
    refreshInterval: (known) => (known?.some(({ run }) => !isTerminal(run.status)) ? LOOK_MS : 0),
    keepPreviousData: true,
  });
}

async function readOne(id: string): Promise<ComparedRun> {
  const [run, curve] = await Promise.all([getApi<Run>(`/v1/backtests/${id}`), readCurve(id)]);
  return { run, curve };
}

/** Null for a run that has none yet. */
async function readCurve(id: string): Promise<EquityCurve | null> {
  try {
    const { columns } = await getApi<ColumnTable<'time' | 'equity'>>(`/v1/backtests/${id}/equity?points=${POINTS}`);
    const times = timesOf(columns.time);
    return times.length < 2 ? null : { times, equity: numbersOf(columns.equity) };
  } catch (error) {
    if (error instanceof RefusedError && error.problem.status === 409) return null;
    throw error;
  }
}
