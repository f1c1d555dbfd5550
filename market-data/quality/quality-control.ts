import { DataQuality, QUALITY_CHECKS, type QualityFinding, type QualityReport } from '../../shared/data-quality.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { type DataSpec, timeframeMs } from '../../shared/spec.ts';
import type { BarBlock } from '../time-chunks.ts';
import { createBarCheck } from '../validate-bars.ts';
import type { Flaw } from './flaw.ts';
import { repairBars } from './repair-bars.ts';
import { createCalendarWatch } from './watch-calendar.ts';
import { createMoveWatch, type MoveWatch } from './watch-moves.ts';

/** Looks at the bars of a source while they pass, in flat memory. */
export interface QualityControl {
  /** The block with what may be repaired repaired. Fails with `bad_data` at what nobody can trade on. */
  pass(block: BarBlock): BarBlock;
  /** When all blocks have passed. Fails with `bad_data` where something was found that the request refuses. */
  report(): QualityReport;
}

/** More are counted, but not named. */
const MOST_FINDINGS = 100;

export function createQualityControl({ timeframe, quality }: Pick<DataSpec, 'timeframe' | 'quality'>): QualityControl {
  const asked = quality ?? DataQuality.parse({});
  const check = createBarCheck();
  const calendar = createCalendarWatch(timeframeMs(timeframe));
  const watches: { symbol: string; repairs: Map<string, Flaw>; moves: MoveWatch }[] = [];
  const mayRepair = [asked.unsorted, asked.duplicates, asked.prices, asked.ohlc].includes('repair');
  let bars = 0;

  function repair(block: BarBlock): BarBlock {
    return block.map((own, place) => {
      const { bars: repaired, flaws } = repairBars(own, asked);
      for (const flaw of flaws) addTo(watches[place]!.repairs, flaw);
      return repaired;
    });
  }

  return {
    pass(block) {
      if (watches.length === 0) watches.push(...block.map(({ symbol }) => ({ symbol, repairs: new Map(), moves: createMoveWatch() })));
      const passed = mayRepair ? repair(block) : block;
      check(passed);
      calendar.add(passed);
      for (const [place, own] of passed.entries()) {
        watches[place]!.moves.add(own);
        bars += own.ts.length;
      }
      return passed;
    },
    report() {
      const dates = calendar.finish(asked.calendar);
      const findings = watches.flatMap(({ symbol, repairs, moves }, place) => [
        ...[...repairs.values()].map((flaw) => findingOf(symbol, flaw, 'repaired')),
        ...[...dates.gapsOf(place), ...moves.finish()].map((flaw) => findingOf(symbol, flaw, 'warned')),
      ]);
      const kept = findings.filter((finding) => asked[finding.check] !== 'ignore').toSorted(byCheck);
      refuse(kept.filter((finding) => asked[finding.check] === 'refuse'));
      return { calendar: dates.calendar, bars, findings: kept.slice(0, MOST_FINDINGS), more: Math.max(0, kept.length - MOST_FINDINGS) };
    },
  };
}

function addTo(repairs: Map<string, Flaw>, flaw: Flaw): void {
  const before = repairs.get(flaw.check);
  repairs.set(flaw.check, before === undefined ? flaw : { ...before, count: before.count + flaw.count });
}

function findingOf(symbol: string, { check, count, first, text }: Flaw, action: QualityFinding['action']): QualityFinding {
  return { check, symbol, count, first: new Date(first).toISOString(), action, message: `${symbol}: ${count} ${text}` };
}

function byCheck(a: QualityFinding, b: QualityFinding): number {
  return QUALITY_CHECKS.indexOf(a.check) - QUALITY_CHECKS.indexOf(b.check);
}

function refuse(findings: readonly QualityFinding[]): void {
  if (findings.length === 0) return;
  const faults = findings.map(({ check, first, message }) => ({
    path: `data.quality.${check}`,
    message: `${message}, the first at ${first}`,
  }));
  const text = faults.map(({ message }) => message).join('; ');
  const remedy = 'Correct the data at their source, or set the check to "warn" in data.quality.';
  throw new HoldfastError('bad_data', `The bars are not as they should be: ${text}. ${remedy}`, { faults });
}
