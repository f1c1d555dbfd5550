import { createSyntheticSource } from '../../market-data/synthetic.ts';
import { DataSpec } from '../../shared/spec.ts';
import type { SyntheticSpec } from '../../shared/synthetic.ts';

/** How many synthetic bars a core makes a second, by what they are made of, beside the goal. */

const BARS = 4_000_000;
const ROUNDS = 5;
/** Millions of bars a second. */
const GOAL = 20;

const KINDS: Record<string, Partial<SyntheticSpec>> = {
  'random walk': {},
  'with jumps': { jumps: { perYear: 500, mean: 0, deviation: 0.02 } },
  'with correlation': { correlation: 0.5 },
  'with regimes': {
    regimes: [
      { drift: 0.1, volatility: 0.1, days: 100 },
      { drift: -0.3, volatility: 0.5, days: 20 },
    ],
  },
  'with seasonality': { seasonality: 0.5 },
};

const source = createSyntheticSource();
for (const [name, options] of Object.entries(KINDS)) {
  const spec = DataSpec.parse({ source: 'synthetic', symbols: ['A'], timeframe: '1m', synthetic: { bars: BARS, ...options } });
  const rounds: { processor: number; wall: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await timed(spec));
  const [processor, wall] = [best('processor'), best('wall')];
  const goal = `goal ${GOAL}: ${Math.max(processor, wall) >= GOAL ? 'reached' : 'missed'}`;
  const text = `${processor.toFixed(1)} M bars a second of processor time, ${wall.toFixed(1)} M of wall time (best of ${ROUNDS}; ${goal})`;
  process.stdout.write(`${name.padEnd(20)} ${text}\n`);

  function best(of: 'processor' | 'wall'): number {
    return BARS / Math.min(...rounds.map((each) => each[of])) / 1e6;
  }
}

/** Seconds. */
async function timed(spec: DataSpec): Promise<{ processor: number; wall: number }> {
  const [began, used] = [performance.now(), process.cpuUsage()];
  let bars = 0;
  for await (const [block] of source.fetch(spec, new AbortController().signal)) bars += block!.ts.length;
  if (bars !== BARS) throw new Error(`${bars} bars were made rather than ${BARS}`);
  const { user, system } = process.cpuUsage(used);
  return { processor: (user + system) / 1e6, wall: (performance.now() - began) / 1e3 };
}
