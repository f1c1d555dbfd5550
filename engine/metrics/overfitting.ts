export interface Overfitting {
  /** Probability of backtest overfitting: share of the splits whose logit is not above 0. A fraction, NaN with less than two trials or too few returns. */
  probability: number;
  /** Share of the splits in which the selected trial has a negative Sharpe ratio out of sample. */
  probabilityOfLoss: number;
  /** Of each split: ln(ω / (1 - ω)), ω = rank out of sample of the trial that was best in sample / (trials + 1), 1 being the worst; ties share their mean rank. */
  logits: Float64Array;
  /** Sharpe ratio per period of the selected trial, in the half that selected it and in the other. */
  inSample: Float64Array;
  outOfSample: Float64Array;
}

/**
 * Combinatorially symmetric cross-validation: the returns of all trials are cut into `blocks` equal blocks of time (an even number, at most 20; the oldest
 * returns are left out when they do not divide), and every half of the blocks selects the trial with the highest Sharpe ratio, which is then ranked in the other half.
 * `returns` holds one column a trial, of equal lengths. D. H. Bailey, J. Borwein, M. López de Prado and Q. J. Zhu, The Probability of Backtest Overfitting,
 * Journal of Computational Finance 20(4), 2017.
 */
export function backtestOverfitting(returns: readonly Float64Array[], blocks = 16): Overfitting {
  const length = Math.floor((returns[0]?.length ?? 0) / blocks);
  const halves = returns.length > 1 && length > 0 && length * blocks > 2 ? halvesOf(blocks) : [];
  const trials = returns.map((column) => blockSums(column, blocks, length));
  const split = { count: (blocks / 2) * length, inside: new Float64Array(trials.length), outside: new Float64Array(trials.length) };
  const logits = new Float64Array(halves.length);
  const inSample = new Float64Array(halves.length);
  const outOfSample = new Float64Array(halves.length);
  halves.forEach((half, i) => {
    compare(trials, half, split);
    const best = indexOfHighest(split.inside);
    inSample[i] = split.inside[best]!;
    outOfSample[i] = split.outside[best]!;
    const rank = rankOf(best, split.outside) / (trials.length + 1);
    logits[i] = Math.log(rank / (1 - rank));
  });
  const share = (column: Float64Array, is: (value: number) => boolean): number => column.filter(is).length / halves.length;
  return {
    probability: share(logits, (logit) => logit <= 0),
    probabilityOfLoss: share(outOfSample, (ratio) => ratio < 0),
    logits,
    inSample,
    outOfSample,
  };
}

/** All ways to take half of the blocks. */
function halvesOf(blocks: number): number[][] {
  const halves: number[][] = [];
  for (let mask = 0; mask < 1 << blocks; mask++) {
    const half: number[] = [];
    for (let block = 0; block < blocks; block++) if ((mask >>> block) & 1) half.push(block);
    if (half.length === blocks / 2) halves.push(half);
  }
  return halves;
}

/** Of one trial: its mean, and for each block the sums of the deviations from it and of their squares, with the totals. */
interface BlockSums {
  mean: number;
  sums: Float64Array;
  squares: Float64Array;
  sum: number;
  square: number;
}

function blockSums(column: Float64Array, blocks: number, length: number): BlockSums {
  const used = column.subarray(column.length - blocks * length);
  const mean = used.reduce((a, b) => a + b, 0) / used.length;
  const sums = new Float64Array(blocks);
  const squares = new Float64Array(blocks);
  for (let i = 0; i < used.length; i++) {
    const block = Math.floor(i / length);
    const deviation = used[i]! - mean;
    sums[block]! += deviation;
    squares[block]! += deviation * deviation;
  }
  return { mean, sums, squares, sum: sums.reduce((a, b) => a + b, 0), square: squares.reduce((a, b) => a + b, 0) };
}

interface Split {
  /** Returns in each half. */
  count: number;
  /** Sharpe ratios of the trials in the chosen blocks and in the others. */
  inside: Float64Array;
  outside: Float64Array;
}

/** Writes the Sharpe ratios of all trials for one split. */
function compare(trials: readonly BlockSums[], half: readonly number[], { count, inside, outside }: Split): void {
  for (let k = 0; k < trials.length; k++) {
    const { mean, sums, squares, sum: total, square: totalSquare } = trials[k]!;
    let sum = 0;
    let square = 0;
    for (let i = 0; i < half.length; i++) {
      sum += sums[half[i]!]!;
      square += squares[half[i]!]!;
    }
    inside[k] = sharpeFrom(mean + sum / count, square - (sum * sum) / count, count);
    const rest = total - sum;
    outside[k] = sharpeFrom(mean + rest / count, totalSquare - square - (rest * rest) / count, count);
  }
}

/** Per period; a trial that did nothing has 0, neither reward nor risk. `squares` are those of the deviations from the mean. */
function sharpeFrom(mean: number, squares: number, count: number): number {
  return mean === 0 ? 0 : mean / Math.sqrt(Math.max(0, squares) / (count - 1));
}

function indexOfHighest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** 1 for the lowest; equal values share the mean of their ranks. */
function rankOf(index: number, values: Float64Array): number {
  const own = values[index]!;
  let lower = 0;
  let equal = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < own) lower++;
    else if (values[i] === own) equal++;
  }
  return lower + (equal + 1) / 2;
}
