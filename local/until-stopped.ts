const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Running {
  /** What there is to do; resolves to an exit status, or to null when it is to stay up. */
  work: Promise<number | null>;
  stop: () => Promise<void>;
}

/**
 * Keeps something running until its work is done, a signal comes, or the parent process vanishes; then stops it. Resolves to the exit
 * status. One Ctrl-C can arrive several times (from the terminal, from npm, from the set-up script): only the first counts.
 */
export async function untilStopped(start: (signal: AbortSignal) => Promise<Running>, onStop: (wasAsked: boolean) => void): Promise<number> {
  const asked = new AbortController();
  const stopped = new Promise<null>((resolve) => asked.signal.addEventListener('abort', () => resolve(null)));
  const ask = (): void => asked.abort();
  for (const signal of SIGNALS) process.on(signal, ask);
  process.on('disconnect', ask);
  let running: Running | null = null;
  try {
    running = await Promise.race([start(asked.signal), stopped]);
    const status = running && (await Promise.race([running.work, stopped]));
    if (status === null) await stopped;
    return status ?? 0;
  } finally {
    onStop(asked.signal.aborted);
    await running?.stop();
    process.off('disconnect', ask);
    for (const signal of SIGNALS) process.off(signal, ask);
  }
}
