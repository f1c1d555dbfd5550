import { pagePaths } from '#shared/page-paths.ts';

/** Addresses of the page. */
export const pages = {
  runs: '/runs/',
  run: pagePaths.backtest,
  newRun: '/runs/new/',
  batch: pagePaths.batch,
  /** The form of a new run, filled in as an earlier one. */
  rerun: (id: string) => `/runs/new/?from=${id}`,
  sweeps: '/sweeps/',
  newSweep: '/sweeps/new/',
  /** The form of a new sweep, filled in as an earlier one. */
  resweep: (id: string) => `/sweeps/new/?from=${id}`,
  sweep: pagePaths.sweep,
  /** What a night of a schedule made. */
  night: (kind: 'backtest' | 'batch' | 'sweep', id: string): string => (kind === 'sweep' ? pages.sweep(id) : pages.run(id)),
  schedules: '/schedules/',
  newSchedule: '/schedules/new/',
  /** The form of a schedule that repeats a run. */
  scheduleRun: (id: string) => `/schedules/new/?run=${id}`,
  editSchedule: (id: string) => `/schedules/new/?edit=${id}`,
  schedule: pagePaths.schedule,
  compare: (ids: readonly string[]) => `/compare/?${ids.map((id) => `id=${id}`).join('&')}`,
  shared: (id: string, secret: string) => `/shared/?id=${id}#${secret}`,
  datasets: '/datasets/',
  account: '/account/',
  admin: '/admin/',
  signIn: '/sign-in/',
  newPassword: '/sign-in/password/',
} as const;

/** What the navigation leads to. A line is added with its page. */
export const NAVIGATION: readonly { href: string; text: string; operators?: true }[] = [
  { href: pages.runs, text: 'Runs' },
  { href: pages.newRun, text: 'New run' },
  { href: pages.sweeps, text: 'Sweeps' },
  { href: pages.schedules, text: 'Schedules' },
  { href: '/compare/', text: 'Compare' },
  { href: pages.datasets, text: 'Datasets' },
  { href: pages.account, text: 'Account' },
  { href: pages.admin, text: 'Operators', operators: true },
];
