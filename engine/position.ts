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

/** Worst (`mae` ≤ 0) and best (`mfe` ≥ 0) move of the price against the entry, as fractions of the entry price. */
export function excursions({ units, entryPrice, high, low }: Position): { mae: number; mfe: number } {
  const up = high / entryPrice - 1;
  const down = low / entryPrice - 1;
  // Subtracting from 0 keeps -0 out of the trade list.
  return units > 0 ? { mae: down, mfe: up } : { mae: 0 - up, mfe: 0 - down };
}
