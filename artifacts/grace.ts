const HOUR_MS = 3_600_000;

/** Files that nothing names are kept for this long after they were stored, or found stored, or a link led to them: whoever did that may be about to name them. */
export const GRACE_MS = 24 * HOUR_MS;

/** Whoever finds a file stored makes its time new when it is older than this, so that the grace begins again. */
export const RENEW_AFTER_MS = GRACE_MS / 2;
