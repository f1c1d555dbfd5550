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
  return overfittingOf(
    returns.map((column) => blockSums(column, blocks)),
    length,
  );
}

/**
 * {@link backtestOverfitting} from the sums of each trial, for more trials than there is memory for returns: 256 bytes a trial. `length` is that of a block. Takes
 * (number of splits) × (trials) × blocks / 2 additions: with 16 blocks some 0.2 s for a thousand trials.
 */
export function overfittingOf(trials: readonly BlockSums[], length: number): Overfitting {
  const blocks = trials[0]?.sums.length ?? 0;
  const halves = trials.length > 1 && length > 0 && length * blocks > 2 ? halvesOf(blocks) : [];
  const count = (blocks / 2) * length;
  const inside = new Float64Array(trials.length);
  const outside = new Float64Array(trials.length);
  const logits = new Float64Array(halves.length);
  const inSample = new Float64Array(halves.length);
  const outOfSample = new Float64Array(halves.length);
  halves.forEach((half, i) => {
    ratiosOver(half, trials, count, inside);
    ratiosOver(halves[halves.length - 1 - i]!, trials, count, outside);
    const best = indexOfHighest(inside);
    inSample[i] = inside[best]!;
    outOfSample[i] = outside[best]!;
    const rank = rankOf(best, outside) / (trials.length + 1);
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

/** All ways to take half of the blocks. By the order of counting, the i-th from the end has the blocks that the i-th from the start has not. */
function halvesOf(blocks: number): number[][] {
  const halves: number[][] = [];
  for (let mask = 0; mask < 1 << blocks; mask++) {
    const half: number[] = [];
    for (let block = 0; block < blocks; block++) if ((mask >>> block) & 1) half.push(block);
    if (half.length === blocks / 2) halves.push(half);
  }
  return halves;
}

/** Of one trial: the sums of its returns and of their squares in each block. */
interface BlockSums {
  sums: Float64Array;
  squares: Float64Array;
}

/** The sums of a trial's returns over so many blocks of time; the oldest returns are left out when they do not divide. */
export function blockSums(column: Float64Array, blocks: number): BlockSums {
  const length = Math.floor(column.length / blocks);
  const used = column.subarray(column.length - blocks * length);
  const sums = new Float64Array(blocks);
  const squares = new Float64Array(blocks);
  for (let i = 0; i < used.length; i++) {
    const block = Math.floor(i / length);
    sums[block]! += used[i]!;
    squares[block]! += used[i]! * used[i]!;
  }
  return { sums, squares };
}

/**
 * Writes the Sharpe ratio of each trial over the `count` returns of some blocks, per period. A trial that did nothing has 0, neither reward nor risk: so the blocks
 * are added up for each half anew, since a difference to the total would leave the rounding of sums that are 0.
 */
function ratiosOver(half: readonly number[], trials: readonly BlockSums[], count: number, ratios: Float64Array): void {
  for (let k = 0; k < trials.length; k++) {
    const { sums, squares } = trials[k]!;
    let sum = 0;
    let square = 0;
    for (let i = 0; i < half.length; i++) {
      sum += sums[half[i]!]!;
      square += squares[half[i]!]!;
    }
    const variance = Math.max(0, square - (sum * sum) / count) / (count - 1);
    ratios[k] = sum === 0 ? 0 : sum / count / Math.sqrt(variance);
  }
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
