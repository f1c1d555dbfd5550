import Table from 'cli-table3';
import type { Token } from '../shared/credential.ts';
import type { SourceInfo, SymbolInfo } from '../shared/dataset.ts';
import { UNDEFINED, figureText } from '../shared/figure-text.ts';
import { METRICS, type MetricName, type Metrics } from '../shared/metrics.ts';
import type { RunSummary } from '../shared/run.ts';
import type { StrategyInfo } from '../shared/strategy.ts';

/** The figures of a run, in two columns side by side; those that are undefined for it are left out. */
export function metricsTable(metrics: Metrics): string {
  const rows = Object.entries(METRICS)
    .map(([name, { title, unit }]) => [title, figureText(metrics[name as MetricName], unit)])
    .filter(([, value]) => value !== UNDEFINED);
  const half = Math.ceil(rows.length / 2);
  const table = plainTable(['left', 'right', 'left', 'right']);
  for (let i = 0; i < half; i++) table.push([...rows[i]!, ...(rows[i + half] ?? ['', ''])]);
  return drawn(table);
}

/** One line a run, newest first as the service lists them. */
export function runsTable(runs: readonly RunSummary[]): string {
  const table = plainTable(['left', 'left', 'right', 'left', 'left', 'left', 'right', 'left'], {
    head: ['id', 'status', 'done', 'strategy', 'symbols', 'name', 'return', 'created'],
  });
  for (const run of runs) {
    const done = `${Math.floor(run.progress.fraction * 100)} %`;
    const symbols = run.symbols.length > 3 ? `${run.symbols.slice(0, 3).join(' ')} +${run.symbols.length - 3}` : run.symbols.join(' ');
    const created = run.createdAt.slice(0, 19).replace('T', ' ');
    const total = run.metrics === null ? '' : figureText(run.metrics.totalReturn, 'fraction');
    table.push([run.id, run.status, done, run.strategy, symbols, shortened(run.name), total, created]);
  }
  return drawn(table);
}

/** All that a run shows beside its figures. */
export function runTable(run: RunSummary): string {
  const { progress } = run;
  const rows: [string, string | null][] = [
    ['id', run.id],
    ['name', run.name],
    ['tags', run.tags.join(', ') || null],
    ['status', run.status],
    ['requested', run.requested],
    ['phase', run.phase],
    [
      'progress',
      `${Math.floor(progress.fraction * 100)} % (${progress.done.toLocaleString('en')} of ${progress.total.toLocaleString('en')} ${progress.unit})`,
    ],
    ['strategy', run.strategy],
    ['data', `${run.symbols.join(', ')} ${run.timeframe}`],
    ['created', run.createdAt],
    ['started', run.startedAt],
    ['finished', run.finishedAt],
    ['error', run.error && `${run.error.message} (${run.error.code})`],
    ['Temporal Web', run.links.temporal],
  ];
  const table = plainTable(['left', 'left']);
  for (const [name, value] of rows) if (value !== null) table.push([name, value]);
  return drawn(table);
}

export function strategiesTable(strategies: readonly StrategyInfo[]): string {
  const table = plainTable(['left', 'left', 'left'], { head: ['strategy', 'what it does', 'parameters'] });
  for (const { name, title, params, error } of strategies) {
    if (error !== null) {
      table.push([name, 'cannot be run', error]);
      continue;
    }
    const written = Object.entries(params).map(([param, spec]) => {
      const range = spec.type === 'choice' ? spec.values.join('|') : `${spec.min}–${spec.max}`;
      return `${param} = ${spec.default} (${range})`;
    });
    table.push([name, title, written.join('\n')]);
  }
  return drawn(table);
}

export function datasetsTable(sources: readonly SourceInfo[]): string {
  const head = ['source', 'what it holds', 'timeframes', 'time zone', 'symbols', 'from', 'to', 'looked at', 'universes'];
  const table = plainTable(['left', 'left', 'left', 'left', 'right', 'left', 'left', 'left', 'left'], { head });
  for (const info of sources) {
    const { source, title, timeframes, timeZone, coverage, universes = [] } = info;
    const { symbols = '', from = '', to = '' } = coverage ?? {};
    table.push([source, title, timeframes.join(' '), timeZone, symbols, from, to, lookedText(info), universes.join(' ')]);
  }
  return drawn(table);
}

/** At how many symbols somebody has looked, and of how many something was found. */
function lookedText({ checked, quality, coverage }: SourceInfo): string {
  if (checked) return `${checked.symbols}, ${checked.flawed} with findings`;
  return quality ? `${coverage?.symbols ?? ''}, ${new Set(quality.findings.map(({ symbol }) => symbol)).size} with findings` : '';
}

export function symbolsTable(symbols: readonly SymbolInfo[]): string {
  const head = ['symbol', 'from', 'to', 'bars', 'timeframe', 'findings'];
  const table = plainTable(['left', 'left', 'left', 'right', 'left', 'left'], { head });
  for (const { symbol, from, to, bars, timeframe, quality } of symbols) {
    table.push([symbol, from ?? '', to ?? '', bars?.toLocaleString('en') ?? '', timeframe, findingsText(quality)]);
  }
  return drawn(table);
}

/** Empty where nobody has looked. */
function findingsText(quality: SymbolInfo['quality']): string {
  if (quality === undefined) return '';
  return quality.findings.map(({ check, count }) => `${check} ${count.toLocaleString('en')}`).join(', ') || 'none';
}

export function tokensTable(tokens: readonly Token[]): string {
  const table = plainTable(['left', 'left', 'left', 'left', 'left', 'left'], {
    head: ['id', 'name', 'begins with', 'may', 'expires', 'last used'],
  });
  for (const { id, name, start, scopes, expiresAt, lastUsedAt } of tokens)
    table.push([
      id,
      name,
      `${start}…`,
      scopes.join(' '),
      expiresAt?.slice(0, 10) ?? 'never',
      lastUsedAt?.slice(0, 16).replace('T', ' ') ?? 'never',
    ]);
  return drawn(table);
}

/** A series of columns as rows; of more than `most`, evenly chosen ones with the first and the last. */
export function seriesTable(columns: Readonly<Record<string, readonly (string | number | null)[]>>, most: number): string {
  const names = Object.keys(columns);
  const length = Math.max(0, ...Object.values(columns).map((column) => column.length));
  if (length === 0) return 'There is nothing in it.';
  const shown = Math.min(length, most);
  const aligned = names.map((name) => (typeof columns[name]![0] === 'number' ? 'right' : 'left'));
  const table = plainTable(aligned, { head: names });
  for (let i = 0; i < shown; i++) {
    const row = shown === 1 ? 0 : Math.round((i * (length - 1)) / (shown - 1));
    table.push(names.map((name) => cell(columns[name]![row])));
  }
  const note = shown < length ? `\n\n${shown} of ${length.toLocaleString('en')} rows; --csv or --json gives all.` : '';
  return drawn(table) + note;
}

function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'number' ? String(Number(value.toPrecision(8))) : value.replace(/T00:00:00(\.000)?Z$/, '');
}

/** Without the blanks that fill the last column. */
export function drawn(table: ReturnType<typeof plainTable>): string {
  return table.toString().replace(/ +$/gm, '');
}

export function plainTable(colAligns: ('left' | 'right')[], options: { head?: string[] } = {}) {
  const none = {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
  };
  const chars = { ...none, left: ' ', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: ' ' };
  return new Table({ ...options, chars, colAligns, style: { head: [], border: [], compact: true } });
}

function shortened(name: string): string {
  return name.length > 32 ? `${name.slice(0, 31)}…` : name;
}
