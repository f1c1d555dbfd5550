/** Something about this machine or its settings; the message says what to do and is shown without a stack trace. */
export class LocalError extends Error {
  override readonly name = 'LocalError';
}
