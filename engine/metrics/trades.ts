import { exitReasonCode, type TradeBlock } from '../../shared/series.ts';
import type { MetricSpec } from '../../shared/spec.ts';
import { CompensatedSum } from '../compensated-sum.ts';

export interface TradeFigures {
  /** Closed trades. The figures below up to `longestLoss` are taken over these. */
  trades: number;
  /** Share of trades with pnl > 0; pnl is after both fees. */
  winRate: number;
  /** Sum of profits over the absolute sum of losses, in money, or of returns where the spec says so. */
  profitFactor: number;
  /** Mean profit of the winning trades over the absolute mean loss of the losing ones, in money. */
  payoffRatio: number;
  /** Mean return of a trade; the return is pnl / money of the entry. */
  expectancy: number;
  /** System quality number √n × mean(pnl) / std(pnl), ddof as in the spec. V. K. Tharp, Trade Your Way to Financial Freedom, 2nd ed., 2007. */
  sqn: number;
  /**
   * Share of the money to stake that makes it grow fastest, by the trades so far: win rate - (1 - win rate) / payoff ratio. A fraction, negative where
   * trades lose on average. J. L. Kelly, A New Interpretation of Information Rate, Bell System Technical Journal 35(4), 1956.
   */
  kelly: number;
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
  /** Money moved by every fill, in account currency. */
  traded: number;
}

/** Return of a trade after both fees: pnl over the money of its entry, a fraction. */
export function tradeReturn({ pnl, entryValue }: TradeBlock, row: number): number {
  return pnl[row]! / entryValue[row]!;
}

/** Whether a row is a position that was still open when the data ended. */
export function isOpen({ exitReason }: TradeBlock, row: number): boolean {
  return exitReason[row] === exitReasonCode('end');
}

/** Follows the trade list in its order. Rows marked "end" are positions still open: only their entry counts, in fees and traded money. */
export function createTradeFigures(conventions: Pick<MetricSpec, 'ddof' | 'profitFactor'>) {
  const results = createResultFigures(conventions);
  const fees = new CompensatedSum();
  const traded = new CompensatedSum();
  return {
    add(block: TradeBlock): void {
      for (let i = 0; i < block.pnl.length; i++) {
        fees.add(block.fees[i]!);
        traded.add(block.entryValue[i]!);
        if (isOpen(block, i)) continue;
        traded.add(block.exitValue[i]!);
        results.add(block.pnl[i]!, tradeReturn(block, i));
      }
    },
    finish: (): TradeFigures => ({ ...results.finish(), fees: fees.value, traded: traded.value }),
  };
}

/** The figures that are made of profit and return of each closed trade. */
function createResultFigures({ ddof, profitFactor }: Pick<MetricSpec, 'ddof' | 'profitFactor'>) {
  const money = createGainsAndLosses();
  const returns = createGainsAndLosses();
  const spread = createSpread();
  const wins = createStreak();
  const defeats = createStreak();
  let trades = 0;
  let best = -Infinity;
  let worst = Infinity;
  return {
    add(pnl: number, result: number): void {
      trades++;
      wins.add(pnl > 0);
      defeats.add(pnl < 0);
      money.add(pnl);
      returns.add(result);
      spread.add(pnl);
      best = Math.max(best, result);
      worst = Math.min(worst, result);
    },
    finish() {
      const winRate = wins.count() / trades;
      const payoffRatio = money.gains() / wins.count() / (money.losses() / defeats.count());
      const avgTrade = (money.gains() - money.losses()) / trades;
      return {
        trades,
        winRate,
        profitFactor: profitFactor === 'money' ? money.gains() / money.losses() : returns.gains() / returns.losses(),
        payoffRatio,
        expectancy: (returns.gains() - returns.losses()) / trades,
        sqn: (Math.sqrt(trades) * avgTrade) / spread.deviation(ddof),
        kelly: winRate - (1 - winRate) / payoffRatio,
        avgTrade,
        bestTrade: best,
        worstTrade: worst,
        longestWin: wins.longest(),
        longestLoss: defeats.longest(),
      };
    },
  };
}

function createGainsAndLosses() {
  const gains = new CompensatedSum();
  const losses = new CompensatedSum();
  return {
    add(value: number): void {
      if (value > 0) gains.add(value);
      else losses.add(-value);
    },
    gains: () => gains.value,
    losses: () => losses.value,
  };
}

/**
 * Standard deviation of values that come one by one, without the cancellation of sums of squares. B. P. Welford, Note on a Method for Calculating Corrected
 * Sums of Squares and Products, Technometrics 4(3), 1962.
 */
function createSpread() {
  // Fields, because captured variables would be allocated anew at every change.
  const now = { count: 0, mean: 0, squares: 0 };
  return {
    add(value: number): void {
      now.count++;
      const change = value - now.mean;
      now.mean += change / now.count;
      now.squares += change * (value - now.mean);
    },
    deviation: (ddof: number): number => (now.count > ddof ? Math.sqrt(now.squares / (now.count - ddof)) : NaN),
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
