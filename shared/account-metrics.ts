import type { MetricInfo } from './metric-info.ts';

/** Figures of the equity curve bar by bar, marked at closes. */
export const CURVE_METRICS = {
  calmar: {
    title: 'Calmar ratio',
    unit: 'ratio',
    annualised: true,
    formula: 'CAGR / |maximum drawdown|',
    source: 'Young, Calmar Ratio: A Smoother Tool, Futures 20(1), 1991',
    better: 'higher',
  },
  maxDrawdown: {
    title: 'Maximum drawdown',
    unit: 'fraction',
    annualised: false,
    formula: 'lowest of equity / highest equity so far - 1, over all bars; the first peak is the starting cash',
    source: 'Magdon-Ismail and Atiya, Maximum Drawdown, Risk 17(10), 2004',
    better: 'higher',
  },
  maxDrawdownDuration: {
    title: 'Longest drawdown',
    unit: 'days',
    annualised: false,
    formula: 'longest time from a peak to the first bar that is back at it, or to the last bar',
    source: '',
    better: 'lower',
  },
  avgDrawdown: {
    title: 'Average drawdown',
    unit: 'fraction',
    annualised: false,
    formula: 'mean over all drawdowns of their deepest fall, one that still lasts included',
    source: '',
    better: 'higher',
  },
  ulcerIndex: {
    title: 'Ulcer index',
    unit: 'fraction',
    annualised: false,
    formula: '√mean((equity / highest equity so far - 1)²) over all bars',
    source: "Martin and McCann, The Investor's Guide to Fidelity Funds, 1989 (there in percent)",
    better: 'lower',
  },
  exposure: {
    title: 'Exposure',
    unit: 'fraction',
    annualised: false,
    formula: 'bars at whose close a position was open / all bars',
    source: '',
    better: null,
  },
  turnover: {
    title: 'Turnover a year',
    unit: 'ratio',
    annualised: true,
    formula:
      'money moved by all fills (units × price × multiplier in account currency, both sides) / mean equity of all bars / years of 365.25 days',
    source: '',
    better: 'lower',
  },
  fees: {
    title: 'Fees',
    unit: 'money',
    annualised: false,
    formula: 'sum of the fees of all fills, those of open positions included',
    source: '',
    better: 'lower',
    always: true,
  },
} as const satisfies Record<string, MetricInfo>;

/** Figures of the closed trades. Profit is after both fees; the return of a trade is its profit / the money of its entry. */
export const TRADE_METRICS = {
  trades: {
    title: 'Trades',
    unit: 'count',
    annualised: false,
    formula: 'closed trades; positions still open do not count',
    source: '',
    better: null,
    always: true,
  },
  winRate: {
    title: 'Win rate',
    unit: 'fraction',
    annualised: false,
    formula: 'trades with a profit above 0 / trades',
    source: '',
    better: 'higher',
  },
  profitFactor: {
    title: 'Profit factor',
    unit: 'ratio',
    annualised: false,
    formula:
      'sum of the profits / |sum of the losses|, in money; with profitFactor "returns": of the returns of trades. Null without a loss',
    source: '',
    better: 'higher',
  },
  payoffRatio: {
    title: 'Payoff ratio',
    unit: 'ratio',
    annualised: false,
    formula: 'mean profit of the winning trades / |mean loss of the losing trades|, in money. Null without a loss or without a win',
    source: '',
    better: 'higher',
  },
  expectancy: {
    title: 'Expectancy',
    unit: 'fraction',
    annualised: false,
    formula: 'mean return of a trade',
    source: '',
    better: 'higher',
  },
  sqn: {
    title: 'System quality number',
    unit: 'ratio',
    annualised: false,
    formula: '√trades × mean(profit) / std(profit)',
    source: 'Tharp, Trade Your Way to Financial Freedom, 2nd ed., 2007',
    better: 'higher',
  },
  kelly: {
    title: 'Kelly fraction',
    unit: 'fraction',
    annualised: false,
    formula: 'win rate - (1 - win rate) / payoff ratio',
    source: 'Kelly, A New Interpretation of Information Rate, Bell System Technical Journal 35(4), 1956',
    better: 'higher',
  },
  avgTrade: {
    title: 'Average trade',
    unit: 'money',
    annualised: false,
    formula: 'mean profit of a trade',
    source: '',
    better: 'higher',
  },
  bestTrade: {
    title: 'Best trade',
    unit: 'fraction',
    annualised: false,
    formula: 'highest return of a trade',
    source: '',
    better: 'higher',
  },
  worstTrade: {
    title: 'Worst trade',
    unit: 'fraction',
    annualised: false,
    formula: 'lowest return of a trade',
    source: '',
    better: 'higher',
  },
  longestWin: {
    title: 'Longest winning streak',
    unit: 'count',
    annualised: false,
    formula: 'most trades in a row with a profit above 0',
    source: '',
    better: 'higher',
    always: true,
  },
  longestLoss: {
    title: 'Longest losing streak',
    unit: 'count',
    annualised: false,
    formula: 'most trades in a row with a loss',
    source: '',
    better: 'lower',
    always: true,
  },
} as const satisfies Record<string, MetricInfo>;

/** Figures of a sweep as a whole, or of a trial among its like: what is left of a good result after many attempts. */
export const SWEEP_METRICS = {
  deflatedSharpe: {
    title: 'Deflated Sharpe ratio',
    unit: 'fraction',
    annualised: false,
    formula:
      'as the probability that Sharpe > 0, but above what the best of N trials without skill would show: √variance of the trial ratios × ((1 - γ) Φ⁻¹(1 - 1/N) + γ Φ⁻¹(1 - 1/(N e)))',
    source: 'Bailey and López de Prado, The Deflated Sharpe Ratio, Journal of Portfolio Management 40(5), 2014',
    better: 'higher',
  },
  probabilityOfBacktestOverfitting: {
    title: 'Probability of backtest overfitting',
    unit: 'fraction',
    annualised: false,
    formula:
      'share of the ways to take half of 16 blocks of time in which the trial that is best in them ranks in the lower half in the others',
    source:
      'Bailey, Borwein, López de Prado and Zhu, The Probability of Backtest Overfitting, Journal of Computational Finance 20(4), 2017',
    better: 'lower',
  },
} as const satisfies Record<string, MetricInfo>;
