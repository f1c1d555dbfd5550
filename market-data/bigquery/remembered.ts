/**
 * Answers of a slow question, kept for a while by its key; those who ask at the same time share one. Where asking again fails, `stale` decides whether the
 * old answer still serves.
 */
export function remembered<Value>(keepMs: number, { stale }: { stale: boolean } = { stale: false }) {
  const answers = new Map<string, { until: number; value: Promise<Value> }>();
  return (key: string, ask: () => Promise<Value>): Promise<Value> => {
    const now = performance.now();
    const known = answers.get(key);
    if (known !== undefined && known.until > now) return known.value;
    for (const [each, { until }] of answers) if (until <= now && each !== key) answers.delete(each);
    const value = ask().catch((error: unknown) => {
      answers.delete(key);
      if (stale && known !== undefined) return known.value;
      throw error;
    });
    answers.set(key, { until: now + keepMs, value });
    return value;
  };
}
