import { reserve } from '../columns.ts';
import { settleLast, type CurveLog } from '../curve-log.ts';
import type { ZoneOffsets } from '../timeframes/local-time.ts';
import type { PortfolioState } from '../portfolio-state.ts';
import type { Trader, TraderContext } from '../trader.ts';
import { endBar, expireDayOrders } from './bar-end.ts';
import { fillAtClose, fillAtDecision, fillAtOpen, fillWithinBar } from './broker.ts';
import { applyActions, reinvestDividends } from './corporate-actions.ts';
import { clearEnded, type Desk } from './desk.ts';
import { chargeInterest } from './interest.ts';
import { callMargin, liquidate } from './margin.ts';
import { leaveUniverse } from './membership.ts';
import type { Session } from './trader-context.ts';
import { GROSS, mark, NET } from './valuation.ts';

/** A simulation under way. */
export interface Run {
  readonly state: PortfolioState;
  readonly desk: Desk;
  readonly trader: Trader;
  readonly context: TraderContext;
  readonly session: Session;
  readonly curve: CurveLog;
  readonly zone: ZoneOffsets;
  readonly hasActions: boolean;
  readonly hasUniverse: boolean;
}

/**
 * The order of events of a bar: fills at the close it was decided on (`same-close`) · interest since the bar before · day orders of yesterday
 * expire · splits and dividends · what has left its universe is closed · fills at the open · stops, targets and resting orders within the bar · fills at the close · lots are closed where
 * the margin does not suffice · the account is marked at the closes · with no equity left the run ends `bankrupt` · else the trader decides.
 */
export function simulateBar(run: Run): void {
  const { state, desk, trader, session } = run;
  const { bar } = state;
  const isHolding = state.lots.some(isHeld);
  const isBusy = state.orders.length > 0 || state.target !== null || (isHolding && state.lots.some(isWatched));
  if (bar > 0) {
    if (isBusy) fillAtDecision(desk, bar);
    chargeInterest(desk, bar);
  }
  desk.market.toOpens(bar);
  desk.bar = bar;
  if (isBusy) expireDayOrders(desk, run.zone);
  if (run.hasActions) applyActions(desk);
  if (run.hasUniverse) leaveUniverse(desk);
  if (isBusy) fill(desk, bar);
  else desk.market.toCloses();
  if (run.hasActions && desk.account.dividends === 'reinvest') reinvestDividends(desk);
  if (isBusy || isHolding) {
    endBar(desk);
    callMargin(desk);
  }
  appendPoint(run);
  state.bar = bar + 1;
  if (session.equity <= 0) endBankrupt(run);
  else if (bar >= trader.firstDecision) {
    trader.decide(run.context);
    clearEnded(desk);
  }
}

function isHeld(lots: PortfolioState['lots'][number]): boolean {
  return lots.length > 0;
}

/** Whether a bar can close one of the lots without an order. */
function isWatched(lots: PortfolioState['lots'][number]): boolean {
  for (let i = 0; i < lots.length; i++) {
    const { stopLoss, takeProfit, trail, exiting } = lots[i]!;
    if (stopLoss !== null || takeProfit !== null || trail !== null || exiting !== null) return true;
  }
  return false;
}

function fill(desk: Desk, bar: number): void {
  const { taken } = desk.holdings;
  if (desk.account.slippage.maxVolumeShare !== undefined)
    for (let s = 0; s < taken.length; s++) if (desk.market.trades[s] === 1) taken[s] = 0;
  fillAtOpen(desk, bar);
  fillWithinBar(desk, bar);
  desk.market.toCloses();
  fillAtClose(desk, bar);
}

/** Marks the account at the closes. */
function appendPoint({ desk, curve, state, session }: Run): void {
  const marks = mark(desk);
  const equity = state.cash + marks[NET]!;
  reserve(curve, 1);
  const { length, columns } = curve;
  columns.equity[length] = equity;
  columns.cash[length] = state.cash;
  columns.exposure[length] = marks[GROSS]! / equity;
  curve.length = length + 1;
  session.equity = equity;
}

function endBankrupt({ desk, curve, state }: Run): void {
  liquidate(desk);
  clearEnded(desk);
  settleLast(curve, state.cash);
  state.ended = 'bankrupt';
}
