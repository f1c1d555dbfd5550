import { exitReasonCode, type TradeBlock } from '../../shared/series.ts';
import { CompensatedSum } from '../compensated-sum.ts';

export interface TradeFigures {
  /** Closed trades. The figures below up to `longestLoss` are taken over these. */
  trades: number;
  /** Share of trades with pnl > 0; pnl is after both fees. */
  winRate: number;
  /** Sum of profits over the absolute sum of losses, in money. */
  profitFactor: number;
  /** Mean profit of the winning trades over the absolute mean loss of the losing ones, in money. */
  payoffRatio: number;
  /** Mean return of a trade; the return is pnl / (|size| × entry price). */
  expectancy: number;
  /** Mean pnl of a trade, in account currency. */
  avgTrade: number;
  /** Highest and lowest return of a trade. */
  bestTrade: number;
  worstTrade: number;
  /** Most trades in a row with pnl > 0, and with pnl < 0. */
  longestWin: number;
  longestLoss: number;
  /** Fees of every fill, those of positions still open included, in account currency. */
  fees: number;
  /** Money moved by every fill, |size| × price, in account currency. */
  traded: number;
}

/** Follows the trade list in its order. Rows marked "end" are positions still open: only their entry counts, in fees and traded money. */
export function createTradeFigures(): { add(block: TradeBlock): void; finish(): TradeFigures } {
  const profits = new CompensatedSum();
  const losses = new CompensatedSum();
  const returns = new CompensatedSum();
  const fees = new CompensatedSum();
  const traded = new CompensatedSum();
  const wins = createStreak();
  const defeats = createStreak();
  let trades = 0;
  let best = -Infinity;
  let worst = Infinity;

  function addClosed(pnl: number, entryMoney: number): void {
    trades++;
    wins.add(pnl > 0);
    defeats.add(pnl < 0);
    (pnl > 0 ? profits : losses).add(pnl);
    const result = pnl / entryMoney;
    returns.add(result);
    best = Math.max(best, result);
    worst = Math.min(worst, result);
  }

  return {
    add({ size, entryPrice, exitPrice, pnl, fees: paid, exitReason }) {
      for (let i = 0; i < size.length; i++) {
        const units = Math.abs(size[i]!);
        fees.add(paid[i]!);
        traded.add(units * entryPrice[i]!);
        if (exitReason[i] === exitReasonCode('end')) continue;
        traded.add(units * exitPrice[i]!);
        addClosed(pnl[i]!, units * entryPrice[i]!);
      }
    },
    finish: () => ({
      trades,
      winRate: wins.count() / trades,
      profitFactor: profits.value / -losses.value,
      payoffRatio: profits.value / wins.count() / (-losses.value / defeats.count()),
      expectancy: returns.value / trades,
      avgTrade: (profits.value + losses.value) / trades,
      bestTrade: best,
      worstTrade: worst,
      longestWin: wins.longest(),
      longestLoss: defeats.longest(),
      fees: fees.value,
      traded: traded.value,
    }),
  };
}

/** How often something happened, and how often in a row at most. */
function createStreak() {
  let count = 0;
  let current = 0;
  let longest = 0;
  return {
    add(happened: boolean): void {
      current = happened ? current + 1 : 0;
      if (happened) count++;
      longest = Math.max(longest, current);
    },
    count: () => count,
    longest: () => longest,
  };
}
