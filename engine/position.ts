/** An open position. Plain JSON values, since it is part of a checkpoint. */
export interface Position {
  /** Signed: negative is short. Never 0. */
  units: number;
  entryBar: number;
  entryPrice: number;
  entryFee: number;
  /** Highest and lowest price since the entry, the fill itself included. */
  high: number;
  low: number;
}

/** Takes a price at which the position was held into its extremes. */
export function touch(position: Pick<Position, 'high' | 'low'>, price: number): void {
  if (price > position.high) position.high = price;
  if (price < position.low) position.low = price;
}
