import { normalCdf, normalQuantile } from './normal.ts';

/** The Euler-Mascheroni constant. */
const EULER_GAMMA = 0.5772156649015329;

/** A Sharpe ratio as estimated from returns. Everything is per period (not annualised), also the ratios it is compared with. */
export interface SharpeEstimate {
  sharpe: number;
  /** Number of returns. */
  observations: number;
  skewness: number;
  /** Not in excess: 3 for a normal distribution. */
  kurtosis: number;
}

/**
 * Probability that the true Sharpe ratio is above `reference`: Φ((SR - SR*) √(T - 1) / √(1 - skew SR + (kurt - 1) / 4 SR²)). NaN where the root is not of a
 * positive number. D. H. Bailey and M. López de Prado, The Sharpe Ratio Efficient Frontier, Journal of Risk 15(2), 2012.
 */
export function probabilisticSharpe(estimate: SharpeEstimate, reference = 0): number {
  const { sharpe, observations } = estimate;
  return normalCdf(((sharpe - reference) * Math.sqrt(observations - 1)) / Math.sqrt(estimationVariance(estimate)));
}

/**
 * Returns that are needed until the Sharpe ratio is above `reference` with this confidence: 1 + (1 - skew SR + (kurt - 1) / 4 SR²) (Φ⁻¹(confidence) / (SR - SR*))².
 * A number of periods; Infinity where the ratio is not above the reference. Same source as {@link probabilisticSharpe}; `observations` do not count.
 */
export function minimumTrackRecordLength(estimate: Omit<SharpeEstimate, 'observations'>, reference: number, confidence: number): number {
  const distance = estimate.sharpe - reference;
  if (distance <= 0) return Infinity;
  const z = normalQuantile(confidence) / distance;
  return 1 + estimationVariance(estimate) * z * z;
}

/**
 * Expected highest of `trials` independent Sharpe ratios with mean 0 and variance 1: (1 - γ) Φ⁻¹(1 - 1/N) + γ Φ⁻¹(1 - 1/(N e)); 0 for one trial. D. H. Bailey and
 * M. López de Prado, The Deflated Sharpe Ratio, Journal of Portfolio Management 40(5), 2014.
 */
export function expectedMaximumSharpe(trials: number): number {
  if (trials <= 1) return trials === 1 ? 0 : NaN;
  // By symmetry -Φ⁻¹(1/N): nothing is lost where N is large.
  return -(1 - EULER_GAMMA) * normalQuantile(1 / trials) - EULER_GAMMA * normalQuantile(1 / (trials * Math.E));
}

/** What is known of the trials from which the best was taken. */
export interface TrialSet {
  /** Independent trials. */
  trials: number;
  /** Variance of their Sharpe ratios, per period. */
  variance: number;
}

/** The Sharpe ratio, per period, that the best of so many trials without any skill is expected to show: √variance × {@link expectedMaximumSharpe}. */
export function deflationThreshold({ trials, variance }: TrialSet): number {
  const luck = expectedMaximumSharpe(trials);
  // A single trial has no variance.
  return luck === 0 ? 0 : Math.sqrt(variance) * luck;
}

/** Deflated Sharpe ratio, a probability: {@link probabilisticSharpe} against {@link deflationThreshold}. */
export function deflatedSharpe(estimate: SharpeEstimate, trials: TrialSet): number {
  return probabilisticSharpe(estimate, deflationThreshold(trials));
}

/**
 * Years of data below which the best of `trials` strategies without skill is expected to show this annual Sharpe ratio: (expectedMaximum(N) / E)².
 * D. H. Bailey, J. Borwein, M. López de Prado and Q. J. Zhu, Pseudo-Mathematics and Financial Charlatanism, Notices of the AMS 61(5), 2014.
 */
export function minimumBacktestLength(trials: number, annualSharpe: number): number {
  const ratio = expectedMaximumSharpe(trials) / annualSharpe;
  return ratio * ratio;
}

/** Variance of the estimate times T - 1. E. Mertens, Variance of the IID estimator in Lo, 2002. */
function estimationVariance({ sharpe, skewness, kurtosis }: Omit<SharpeEstimate, 'observations'>): number {
  return 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
}
