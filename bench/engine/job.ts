import type { Figures, Pair } from './work.ts';

/** What an engine is asked to run: the first line on the standard input of its process. Each line after it asks for one run. */
export interface Job {
  file: string;
  bars: number;
  cores: number;
  pairs: readonly Pair[];
}

/** The line that answers a run. */
export interface Answer extends Figures {
  /** From the bars in memory to the figures. */
  seconds: number;
  /** Of all threads of the process in that time, the engine's own helpers included. */
  cpuSeconds: number;
  /** Highest resident memory of the process so far; null where the system does not tell. */
  peakMb: number | null;
}
