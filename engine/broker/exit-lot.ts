import type { OrderType } from '../../shared/orders.ts';
import type { ExitReason } from '../../shared/run.ts';
import { exitReasonCode } from '../../shared/series.ts';
import { fitting, priceOf, takeVolume } from './chance.ts';
import { record, type Desk } from './desk.ts';
import { closeLot } from './ledger.ts';
import type { Lot } from './working-order.ts';

/** Reasons to close a lot without an order of the trader. */
export type OwnReason = Extract<ExitReason, 'stop-loss' | 'take-profit' | 'trailing-stop' | 'margin-call' | 'bankrupt' | 'universe'>;

const TYPES: Record<OwnReason, OrderType> = {
  'stop-loss': 'stop',
  'take-profit': 'limit',
  'trailing-stop': 'trailing-stop',
  'margin-call': 'market',
  bankrupt: 'market',
  universe: 'market',
};

/**
 * Closes a lot by a leg of its bracket, or by force. Where the bar's volume has no room for all of it, a stop that was touched goes on at the next
 * opens, and a target waits for its price again; force takes no notice of the volume.
 */
export function exitLot(desk: Desk, lot: Lot, quote: number, reason: OwnReason): void {
  const { symbol } = lot;
  const isForced = reason === 'bankrupt' || reason === 'margin-call' || reason === 'universe';
  const maker = reason === 'take-profit';
  const size = Math.abs(lot.units);
  const units = isForced ? size : fitting(desk, symbol, size);
  const code = exitReasonCode(reason);
  if (units < size && !maker) lot.exiting = code;
  if (units <= 0) return;
  const side = lot.units > 0 ? -1 : 1;
  const price = priceOf(desk, { symbol, side, limit: null }, { quote, maker }, units);
  const fee = desk.costs[symbol]!.fee(units, price, desk.market.rateOf(symbol), maker);
  const stop = reason === 'stop-loss' ? lot.stopLoss : reason === 'take-profit' ? lot.takeProfit : null;
  const leg = { id: isForced ? 0 : lot.order, symbol, type: TYPES[reason], side, stop, limit: null } as const;
  const status = units === size ? 'filled' : 'partially-filled';
  record(desk, leg, { status, reason, size, filledSize: units, filledPrice: price, fee });
  takeVolume(desk, symbol, units);
  closeLot(desk, lot, { quote, price, maker, units: units === size ? lot.units : -side * units, fee, reason: code });
}
