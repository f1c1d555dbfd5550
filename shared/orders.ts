/** Kinds of orders; a stop becomes a market order when it is touched, a stop-limit a limit order. */
export const ORDER_TYPES = ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'] as const;
export type OrderType = (typeof ORDER_TYPES)[number];

export const ORDER_STATUSES = ['filled', 'partially-filled', 'cancelled', 'expired', 'rejected'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Why an order ended as it did. Words with a hyphen are exit reasons of a trade, words with an underscore say why nothing (more) was traded. */
export const ORDER_REASONS = [
  'none',
  // Rejected
  'no_money',
  'margin',
  'below_lot',
  'bad_size',
  'bad_price',
  'bad_bracket',
  'unknown_symbol',
  'not_tradable',
  'nothing_to_close',
  'position_limit',
  'exposure_limit',
  // Not reached, or not wholly
  'outside_bar',
  'volume',
  'day_over',
  'bars_over',
  // Cancelled
  'by_strategy',
  'oco',
  'replaced',
  'run_ended',
  // Filled to close a position
  'stop-loss',
  'take-profit',
  'trailing-stop',
  'margin-call',
  'bankrupt',
  // Later ones: stored orders hold positions in this list
  'not_a_member',
  'universe',
] as const;
export type OrderReason = (typeof ORDER_REASONS)[number];
