import type { Finding, ValidationReport } from '../../shared/validation.ts';

type Figures = Omit<ValidationReport, 'verdict' | 'text' | 'findings'>;
type Grade = Finding['grade'];

interface Objective {
  neutral: number | null;
  direction: 'max' | 'min';
}

/** Below, the selected trial is rather luck than skill. */
const EVEN = 0.5;
/** As sure as statistics usually want to be. */
const SURE = 0.95;
/** Share of the splits in which the selected trial may disappoint. */
const FEW = 0.1;
/** Share of the objective that is left out of sample where a choice is worth something. */
const WORTH = 0.5;

const TEXTS: Record<ValidationReport['verdict'], string> = {
  convincing: 'Everything that was looked at speaks for it: the best trial is better than luck would have it.',
  undecided: 'It cannot be told from luck with what there is: more data or fewer trials would tell.',
  likely_luck: 'The best trial is likely the luck of the search, and may not go on like this.',
};

/** The verdict in plain words: one bad finding is enough for luck, and every one must be good for more. */
export function judge(figures: Figures, objective: Objective): Pick<ValidationReport, 'verdict' | 'text' | 'findings'> {
  const findings = [
    ofDeflatedSharpe(figures),
    ofTrackRecord(figures),
    ofInterval(figures, objective),
    ofOverfitting(figures),
    ofFolds(figures, objective),
  ].filter((finding) => finding !== null);
  const verdict = verdictOf(findings);
  return { verdict, text: TEXTS[verdict], findings };
}

function verdictOf(findings: readonly Finding[]): ValidationReport['verdict'] {
  if (findings.some(({ grade }) => grade === 'against')) return 'likely_luck';
  return findings.length > 0 && findings.every(({ grade }) => grade === 'for') ? 'convincing' : 'undecided';
}

function ofDeflatedSharpe({ deflatedSharpe, luckySharpe, sharpe, trials }: Figures): Finding | null {
  if (deflatedSharpe === null || luckySharpe === null || sharpe === null) return null;
  const grade = deflatedSharpe >= SURE ? 'for' : deflatedSharpe < EVEN ? 'against' : 'unclear';
  const tried = trials === 1 ? 'One trial' : `The best of ${trials.toLocaleString('en-US')} trials`;
  const text = `${tried} without any skill is expected to show a Sharpe ratio of ${luckySharpe.toFixed(2)}; this one has ${sharpe.toFixed(2)}, which is more than luck with a probability of ${percent(deflatedSharpe)}.`;
  return { code: 'deflated_sharpe', grade, text };
}

function ofTrackRecord({ sharpe, observations, minimumTrackRecord }: Figures): Finding | null {
  if (sharpe === null) return null;
  if (minimumTrackRecord === null)
    return { code: 'track_record', grade: 'against', text: 'Its Sharpe ratio is not above 0, however long it is watched.' };
  const needed = Math.ceil(minimumTrackRecord).toLocaleString('en-US');
  const text = `To be 95 % sure of a Sharpe ratio above 0 takes ${needed} daily returns; there are ${observations.toLocaleString('en-US')}.`;
  return { code: 'track_record', grade: observations >= minimumTrackRecord ? 'for' : 'unclear', text };
}

function ofInterval({ interval }: Figures, { neutral, direction }: Objective): Finding | null {
  if (interval === null || neutral === null) return null;
  const [worse, better] = direction === 'max' ? [interval.low, interval.high] : [-interval.high, -interval.low];
  const zero = direction === 'max' ? neutral : -neutral;
  const grade = worse > zero ? 'for' : better < zero ? 'against' : 'unclear';
  const text = `With 95 % confidence the objective lies between ${figure(interval.low)} and ${figure(interval.high)}.`;
  return { code: 'interval', grade, text };
}

/** Where all trials are about as good, the best of one half is any of them in the other, and none of them loses: the choice is worth little, but is no luck. */
function ofOverfitting({ probabilityOfBacktestOverfitting: probability, probabilityOfLoss }: Figures): Finding | null {
  if (probability === null || probabilityOfLoss === null) return null;
  const isLuck = probability >= EVEN && probabilityOfLoss >= FEW;
  const grade = probability < FEW ? 'for' : isLuck ? 'against' : 'unclear';
  const text = `In ${percent(probability)} of the splits the trial that was best in one half of the time was in the worse half of all trials in the other, and in ${percent(probabilityOfLoss)} it lost there.`;
  return { code: 'overfitting', grade, text };
}

function ofFolds({ folds, efficiency }: Figures, { neutral, direction }: Objective): Finding | null {
  const known = folds.map(({ outOfSample }) => outOfSample).filter((value) => value !== null);
  if (known.length === 0) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const kept = efficiency === null ? '' : `, ${percent(efficiency)} of what it was where it was chosen`;
  const text = `On bars that did not choose it the objective is ${figure(mean)} on average${kept}.`;
  return { code: 'out_of_sample', grade: gradeOfFolds(mean, efficiency, { neutral, direction }), text };
}

function gradeOfFolds(mean: number, efficiency: number | null, { neutral, direction }: Objective): Grade {
  if (neutral === null) return 'unclear';
  const gain = direction === 'max' ? mean - neutral : neutral - mean;
  if (gain <= 0) return 'against';
  return efficiency !== null && efficiency >= WORTH ? 'for' : 'unclear';
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0.99 || share < 0.01 ? 2 : 0)} %`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
