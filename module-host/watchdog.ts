import { BEAT_MS, type Death, type FromProcess } from './protocol.ts';

/** A process that has not said a word after this long will not. Starting one takes a fraction of a second on an idle machine. */
const FIRST_BEAT_MS = 60_000;

interface WatchdogOptions {
  memoryBytes: number;
  stallMs: number;
  kill: (code: Death, message: string) => void;
}

/**
 * Watches one job of a module's process. It counts its own ticks rather than the clock: where this process was frozen itself, or the whole
 * machine, the time does not count against the module.
 */
export function createWatchdog({ memoryBytes, stallMs, kill }: WatchdogOptions) {
  let quiet = 0;
  let pulse: number | null = null;
  const timer = setInterval(() => {
    quiet += BEAT_MS;
    if (quiet < (pulse === null ? FIRST_BEAT_MS : stallMs)) return;
    kill('module_stalled', `a call of its code took longer than ${stallMs / 1000} s`);
  }, BEAT_MS);
  return {
    beat(now: Extract<FromProcess, { type: 'beat' }>): void {
      const isInside = now.pulse % 2 !== 0;
      if (!isInside || now.pulse !== pulse) quiet = 0;
      ({ pulse } = now);
      if (now.rss > memoryBytes)
        kill('module_out_of_memory', `it took ${Math.round(now.rss / 2 ** 20)} MB, of ${Math.round(memoryBytes / 2 ** 20)} MB that it may`);
    },
    end: (): void => clearInterval(timer),
  };
}
