/** Offsets of a time zone as data, since the engine asks no clock and no locale: from `from[i]` on (ms, sorted) local time is UTC + `offset[i]` ms. */
export interface ZoneOffsets {
  from: Float64Array;
  offset: Float64Array;
}
