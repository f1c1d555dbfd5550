import type { MetricInfo } from './metric-info.ts';

/** Figures of the daily returns: r, over the last equity of each day in the data's zone; n of them, P a year. f and m are the annual rates of the spec. */
export const RETURN_METRICS = {
  totalReturn: {
    title: 'Total return',
    unit: 'fraction',
    annualised: false,
    formula: 'last equity / starting cash - 1, fees and open positions included',
    source: '',
    better: 'higher',
  },
  cagr: {
    title: 'Return a year (CAGR)',
    unit: 'fraction',
    annualised: true,
    formula:
      '(1 + total return)^(1 / years) - 1, years = calendar days from the first to the last bar / 365.25; with cagr "periods": (last / first daily equity)^(P / n) - 1',
    source: '',
    better: 'higher',
  },
  volatility: {
    title: 'Volatility a year',
    unit: 'fraction',
    annualised: true,
    formula: 'std(r) × √P; with volatility "compounded": √((std(r)² + G²)^P - G^(2P)), G = geometric mean of 1 + r',
    source: 'Goodman, On the Exact Variance of Products, Journal of the American Statistical Association 55, 1960 (compounded)',
    better: 'lower',
  },
  sharpe: {
    title: 'Sharpe ratio',
    unit: 'ratio',
    annualised: true,
    formula: 'mean(r - f/P) / std(r) × √P; with sharpe "geometric": (compounded annual return - f) / compounded volatility',
    source: 'Sharpe, The Sharpe Ratio, Journal of Portfolio Management 21(1), 1994',
    better: 'higher',
  },
  sortino: {
    title: 'Sortino ratio',
    unit: 'ratio',
    annualised: true,
    formula:
      '(mean(r) × P - m) / (√mean(min(r - m/P, 0)²) × √P), the mean over all returns; with sharpe "geometric" the compounded annual return stands for mean(r) × P',
    source: 'Sortino and Price, Performance Measurement in a Downside Risk Framework, Journal of Investing 3(3), 1994',
    better: 'higher',
  },
  omega: {
    title: 'Omega ratio',
    unit: 'ratio',
    annualised: false,
    formula: 'Σ max(r - m/P, 0) / Σ max(m/P - r, 0)',
    source: 'Keating and Shadwick, A Universal Performance Measure, Journal of Performance Measurement 6(3), 2002',
    better: 'higher',
  },
  valueAtRisk95: {
    title: 'Value at risk, 95 %',
    unit: 'fraction',
    annualised: false,
    formula:
      '5th percentile of r, linearly interpolated at place 0.05 (n - 1); "historical-lower": the sorted return at the place rounded down; "normal": mean(r) + Φ⁻¹(0.05) std(r). A return: negative is a loss',
    source: 'Jorion, Value at Risk, 3rd ed., 2006',
    better: 'higher',
  },
  conditionalValueAtRisk95: {
    title: 'Expected shortfall, 95 %',
    unit: 'fraction',
    annualised: false,
    formula:
      'mean of the r not above the value at risk; "historical-lower": mean of the ⌊0.05 (n - 1)⌋ + 1 lowest r; "normal": mean(r) - std(r) φ(Φ⁻¹(0.05)) / 0.05',
    source: 'Rockafellar and Uryasev, Optimization of Conditional Value-at-Risk, Journal of Risk 2(3), 2000',
    better: 'higher',
  },
  tailRatio: {
    title: 'Tail ratio',
    unit: 'ratio',
    annualised: false,
    formula: '|95th percentile of r| / |5th percentile of r|, linearly interpolated',
    source: '',
    better: 'higher',
  },
  skewness: {
    title: 'Skewness',
    unit: 'ratio',
    annualised: false,
    formula: 'm₃ / m₂^1.5 of r, central moments over n; 0 is symmetric',
    source: 'Joanes and Gill, Comparing Measures of Sample Skewness and Kurtosis, The Statistician 47(1), 1998 (g₁ and g₂)',
    better: 'higher',
  },
  kurtosis: {
    title: 'Excess kurtosis',
    unit: 'ratio',
    annualised: false,
    formula: 'm₄ / m₂² - 3 of r, central moments over n; 0 is a normal distribution',
    source: 'Joanes and Gill, Comparing Measures of Sample Skewness and Kurtosis, The Statistician 47(1), 1998 (g₁ and g₂)',
    better: 'lower',
  },
  probabilisticSharpe: {
    title: 'Probability that Sharpe > 0',
    unit: 'fraction',
    annualised: false,
    formula: 'Φ(S √(n - 1) / √(1 - skewness S + (kurtosis + 2) / 4 S²)), S = mean(r - f/P) / std(r), kurtosis in excess',
    source: 'Bailey and López de Prado, The Sharpe Ratio Efficient Frontier, Journal of Risk 15(2), 2012',
    better: 'higher',
  },
} as const satisfies Record<string, MetricInfo>;

/** Figures against the benchmark: b is its daily return, over the days on which both are known. Null without a benchmark. */
export const BENCHMARK_METRICS = {
  alpha: {
    title: 'Alpha a year',
    unit: 'fraction',
    annualised: true,
    formula: '(1 + mean((r - f/P) - beta (b - f/P)))^P - 1',
    source: 'Jensen, The Performance of Mutual Funds in the Period 1945-1964, Journal of Finance 23(2), 1968',
    better: 'higher',
  },
  beta: {
    title: 'Beta',
    unit: 'ratio',
    annualised: false,
    formula: 'cov(r, b) / var(b)',
    source: 'Sharpe, Capital Asset Prices, Journal of Finance 19(3), 1964',
    better: null,
  },
  informationRatio: {
    title: 'Information ratio',
    unit: 'ratio',
    annualised: true,
    formula: 'mean(r - b) × P / tracking error',
    source: 'Goodwin, The Information Ratio, Financial Analysts Journal 54(4), 1998',
    better: 'higher',
  },
  trackingError: {
    title: 'Tracking error a year',
    unit: 'fraction',
    annualised: true,
    formula: 'std(r - b) × √P',
    source: 'Goodwin, The Information Ratio, Financial Analysts Journal 54(4), 1998',
    better: 'lower',
  },
  treynor: {
    title: 'Treynor ratio',
    unit: 'fraction',
    annualised: true,
    formula: '(mean(r) × P - f) / beta',
    source: 'Treynor, How to Rate Management of Investment Funds, Harvard Business Review 43(1), 1965',
    better: 'higher',
  },
} as const satisfies Record<string, MetricInfo>;
