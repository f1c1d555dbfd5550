/** Names that are known to be right; asking the platform takes some half a millisecond. There are some hundreds, and spellings of them. */
const known = new Set<string>();
const MOST_KNOWN = 2_000;

/** Whether the platform knows a time zone by this IANA name. */
export function isTimeZone(name: string): boolean {
  if (known.has(name)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    if (known.size < MOST_KNOWN) known.add(name);
    return true;
  } catch {
    return false;
  }
}
