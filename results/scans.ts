/** Bytes that a fetch from a metered source is about to scan. */
export interface ScanBooking {
  /** The same for every try of a fetch. */
  key: string;
  owner: string;
  bytes: number;
  /** Now, in ms. */
  at: number;
  /** Most bytes of the owner in a day (UTC). */
  ownerDayBytes: number;
}

export type BookedScan =
  /** `at`: when the fetch was first booked. */
  | { outcome: 'booked'; at: number }
  /** `booked`: what the owner has booked today already. */
  | { outcome: 'over_cap'; booked: number };

/** The intents of a result store that are about metered sources. */
export interface ScanStore {
  /** Books a scan for the day, unless it would take the owner over the cap. A scan that was booked that day by anyone is booked, and paid, already. */
  bookScan(booking: ScanBooking): Promise<BookedScan>;
}
