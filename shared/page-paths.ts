/** Where the page shows things. Ids stand in the query, because a static export knows its folders only. */
export const pagePaths = {
  backtest: (id: string) => `/runs/view/?id=${id}`,
  /** Its runs, side by side. */
  batch: (id: string) => `/compare/?batch=${id}`,
  sweep: (id: string) => `/sweeps/view/?id=${id}`,
  schedule: (id: string) => `/schedules/view/?id=${id}`,
} as const;
