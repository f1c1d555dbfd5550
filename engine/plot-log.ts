import { PLOT_COLUMNS, type PlotBlock } from '../shared/series.ts';
import { HoldfastError } from '../shared/errors.ts';
import { createColumnLog, reserve, takeRows } from './columns.ts';

/** Part of the checkpoint, so that a cut run numbers the same names and drops the same values. */
export interface PlotCounter {
  names: string[];
  values: number;
}

export interface PlotLog {
  readonly add: (name: string, value: number, point: { ts: number; symbol: number }) => void;
  /** The values noted since this was last called; nothing where there are none. */
  take(): { plots?: PlotBlock };
}

/** A run keeps this many values, 32 bytes each; further ones are dropped. */
const MAX_VALUES = 1_000_000;
const MAX_NAMES = 50;
const NAME = /^[A-Za-z][\w .-]{0,63}$/;
/** What stands beside the values wherever they are shown. */
const TAKEN: readonly string[] = ['time', 'open', 'high', 'low', 'close', 'volume'];

/** What a strategy notes for people to look at, bar by bar. */
export function createPlotLog(counter: PlotCounter): PlotLog {
  const log = createColumnLog(PLOT_COLUMNS);
  const places = new Map(counter.names.map((name, place) => [name, place]));

  function placeOf(name: string): number {
    const known = places.get(name);
    if (known !== undefined) return known;
    if (!NAME.test(name) || TAKEN.includes(name))
      throw failed(`"${name}" is not a name for a plot: begin with a letter, and leave ${TAKEN.join(', ')} alone`);
    if (places.size === MAX_NAMES) throw failed(`it plots more than ${MAX_NAMES} different names: give each series one name`);
    places.set(name, places.size);
    counter.names.push(name);
    return places.size - 1;
  }

  return {
    add(name, value, { ts, symbol }) {
      const place = placeOf(name);
      if (counter.values >= MAX_VALUES) return;
      counter.values += 1;
      reserve(log, 1);
      const { columns, length } = log;
      columns.ts[length] = ts;
      columns.name[length] = place;
      columns.symbol[length] = symbol;
      columns.value[length] = value;
      log.length++;
    },
    take: () => (log.length === 0 ? {} : { plots: takeRows(log) }),
  };
}

function failed(what: string): HoldfastError {
  return new HoldfastError('strategy_failed', `The strategy cannot go on: ${what}.`);
}
