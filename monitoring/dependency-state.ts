const CHECK_MS = 2_000;

/** Whether something that a process needs answers, and what it said if not. */
export interface DependencyState {
  ok: boolean;
  message: string | null;
}

/** What a check says, at the latest after two seconds. */
export async function stateOf(check: Promise<void>): Promise<DependencyState> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`No answer within ${CHECK_MS} ms`)), CHECK_MS);
  try {
    await Promise.race([check, tooLate]);
    return { ok: true, message: null };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
