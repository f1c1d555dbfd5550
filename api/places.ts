import type { WorkflowKind } from '../shared/names.ts';
import { pagePaths } from '../shared/page-paths.ts';
import type { ApiConfig } from './config.ts';
import type { Orchestrator } from './orchestrator.ts';

type Place = (id: string, kind?: WorkflowKind | 'schedule') => string | null;

/** Where a run, batch, sweep or schedule can be looked at; null where there is no such place. */
export interface Places {
  /** In Temporal Web. */
  temporal: Place;
  /** In the page: a path where this service serves it, an address where another host does. */
  page: Place;
}

export function createPlaces(
  { webUrl, scheduleUrl }: Orchestrator,
  { HOLDFAST_PAGE: folder, HOLDFAST_PAGE_URL: url }: Pick<ApiConfig, 'HOLDFAST_PAGE' | 'HOLDFAST_PAGE_URL'>,
): Places {
  const base = url?.replace(/\/+$/, '') ?? (folder === 'off' ? null : '');
  return {
    temporal: (id, kind = 'backtest') => (kind === 'schedule' ? scheduleUrl(id) : webUrl(id, kind)),
    page: (id, kind = 'backtest') => (base === null ? null : `${base}${pagePaths[kind](id)}`),
  };
}
