import { startContestant, type Contestant, type Engine } from './contestant.ts';
import type { Answer, Job } from './job.ts';
import type { Figures } from './work.ts';

/** Seconds of warm runs after which an engine has had its turn, so that the whole ends in minutes on a slow machine too. */
const ENOUGH = 25;

/** Seconds for which an engine runs before its runs count, the first one apart: compilers that work while it runs are done by then. */
const WARM_UP = 3;

/** An engine in a contest. */
export interface Entry {
  engine: Engine;
  /** Most warm runs, after the first one; 0 for an engine that compiles nothing, whose first run counts. */
  rounds: number;
  /** What it gets to do, where that is less than the whole. */
  job?: Partial<Job>;
}

export interface Standing {
  name: string;
  /** Bars × trials of one run. */
  work: number;
  /** Seconds of the warm runs. */
  seconds: number[];
  /** Processor time of the same runs: it does not count what other programs of the machine take. None on several cores, where an engine may work in processes of its own. */
  cpuSeconds: number[];
  freshSeconds: number;
  peakMb: number | null;
  /** How its figures compare with those of the first engine. */
  agreement: Agreement;
}

interface Agreement {
  pairs: number;
  /** Pairs with the same number of trades, and of these the largest differences. */
  sameTrades: number;
  totalReturn: number;
  maxDrawdown: number;
}

/**
 * Runs the engines in turn (ours, theirs, ours, …), so that a change of the machine's load reaches all of them. The first entry is
 * what the others are compared with. An engine that cannot run is left out, with a word to `say`.
 */
export async function contest(entries: readonly Entry[], job: Job, say: (line: string) => void): Promise<Standing[]> {
  const running: { entry: Entry; contestant: Contestant; answers: Answer[] }[] = [];
  for (const entry of entries) {
    try {
      const contestant = await startContestant(entry.engine, { ...job, ...entry.job });
      running.push({ entry, contestant, answers: [] });
      if (entry.rounds > 0) await warmUp(contestant);
    } catch (error) {
      if (entry === entries[0]) throw error;
      say(`${entry.engine.name} is left out: ${(error as Error).message}`);
    }
  }
  const [ours] = running;
  const most = Math.max(...entries.map(({ rounds }) => rounds));
  for (let round = 0; round < most; round++) {
    for (const { entry, contestant, answers } of running) {
      const spent = answers.reduce((sum, { seconds }) => sum + seconds, 0);
      if (round < entry.rounds && spent < ENOUGH) answers.push(await contestant.run());
    }
  }
  await Promise.all(running.map(({ contestant }) => contestant.stop()));
  return running.map(({ entry, contestant, answers }) => {
    const { bars, pairs } = { ...job, ...entry.job };
    const counted = answers.length > 0 ? answers : [contestant.first];
    const last = counted.at(-1)!;
    const comparable = bars === job.bars ? { pairs, figures: last } : { pairs: [], figures: last };
    return {
      name: entry.engine.name,
      work: bars * pairs.length,
      seconds: counted.map(({ seconds }) => seconds),
      cpuSeconds: job.cores > 1 ? [] : counted.map(({ cpuSeconds }) => cpuSeconds),
      freshSeconds: contestant.freshSeconds,
      peakMb: last.peakMb,
      agreement: agreementOf({ pairs: job.pairs, figures: ours!.contestant.first }, comparable),
    };
  });
}

async function warmUp(contestant: Contestant): Promise<void> {
  for (let spent = 0; spent < WARM_UP;) spent += (await contestant.run()).seconds;
}

interface Found {
  pairs: Job['pairs'];
  figures: Figures;
}

function agreementOf(ours: Found, theirs: Found): Agreement {
  const places = new Map(ours.pairs.map((pair, place) => [pair.join(), place]));
  const agreement = { pairs: theirs.pairs.length, sameTrades: 0, totalReturn: 0, maxDrawdown: 0 };
  theirs.pairs.forEach((pair, k) => {
    const place = places.get(pair.join())!;
    if (theirs.figures.trades[k] !== ours.figures.trades[place]) return;
    agreement.sameTrades++;
    for (const figure of ['totalReturn', 'maxDrawdown'] as const) {
      const difference = Math.abs(theirs.figures[figure][k]! - ours.figures[figure][place]!);
      agreement[figure] = Math.max(agreement[figure], difference);
    }
  });
  return agreement;
}
