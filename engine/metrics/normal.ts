const SQRT_2_PI = Math.sqrt(2 * Math.PI);

/** Where the series, whose absolute error is even, gives way to the fraction, whose relative error is. */
const TAIL = 2;
/** Enough for full precision at TAIL; further out it converges faster. */
const FRACTION_TERMS = 200;

/** Density of the standard normal distribution: e^(-x²/2) / √(2π). */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / SQRT_2_PI;
}

/**
 * Φ(x), the probability that a standard normal variable is below x, to a relative error below 1e-13. Near 0 by the series ½ + φ(x) (x + x³/3 + x⁵/15 + …)
 * of G. Marsaglia, Evaluating the Normal Distribution, Journal of Statistical Software 11(4), 2004; in the tails by Laplace's continued fraction
 * φ(x) / (x + 1/(x + 2/(x + 3/(x + …)))), Abramowitz and Stegun 26.2.14. No tables, so nothing to mistype.
 */
export function normalCdf(x: number): number {
  if (x < -TAIL) return upperTail(-x);
  if (x > TAIL) return 1 - upperTail(x);
  let term = x;
  let sum = x;
  for (let i = 3; Math.abs(term) > 1e-18; i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + sum * normalDensity(x);
}

/** Probability above x > 0. */
function upperTail(x: number): number {
  let fraction = x;
  for (let k = FRACTION_TERMS; k > 0; k--) fraction = x + k / fraction;
  return normalDensity(x) / fraction;
}

/**
 * Φ⁻¹(p), to a relative error below 1e-12 for 1e-300 < p < 1: a first value within 4.5e-4 (Abramowitz and Stegun 26.2.23), then steps of Halley's method on
 * {@link normalCdf}, each of which triples the number of right digits. -Infinity at 0, Infinity at 1, NaN outside.
 */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0.5) return 0;
  if (!(p > 0)) return p === 0 ? -Infinity : NaN;
  const t = Math.sqrt(-2 * Math.log(p));
  let x = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let step = 0; step < 3; step++) {
    const newton = (normalCdf(x) - p) / normalDensity(x);
    x -= newton / (1 + (x * newton) / 2);
  }
  return x;
}
