import type { SymbolQuality } from '../../shared/dataset.ts';
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
  /** What the report says of each symbol, all of it, and also of what the request ignores. Empty before there is one. */
  ofSymbols(): SymbolFindings[];
}

export interface SymbolFindings extends Pick<SymbolQuality, 'calendar' | 'bars' | 'findings'> {
  symbol: string;
  /** Times of the first and the last bar, ms; infinite for none. */
  first: number;
  last: number;
}

interface SymbolWatch extends Pick<SymbolFindings, 'symbol' | 'bars' | 'first' | 'last'> {
  repairs: Map<string, Flaw>;
  moves: MoveWatch;
}

/** More are counted, but not named. */
const MOST_FINDINGS = 100;

export function createQualityControl({ timeframe, quality }: Pick<DataSpec, 'timeframe' | 'quality'>): QualityControl {
  const asked = quality ?? DataQuality.parse({});
  const check = createBarCheck();
  const calendar = createCalendarWatch(timeframeMs(timeframe));
  const watches: SymbolWatch[] = [];
  let found: SymbolFindings[] = [];
  const mayRepair = [asked.unsorted, asked.duplicates, asked.prices, asked.ohlc].includes('repair');

  function repair(block: BarBlock): BarBlock {
    return block.map((own, place) => {
      const { bars: repaired, flaws } = repairBars(own, asked);
      for (const flaw of flaws) addTo(watches[place]!.repairs, flaw);
      return repaired;
    });
  }

  return {
    pass(block) {
      if (watches.length === 0) watches.push(...block.map(({ symbol }) => watchOf(symbol)));
      const passed = mayRepair ? repair(block) : block;
      check(passed);
      calendar.add(passed);
      for (const [place, own] of passed.entries()) {
        const watch = watches[place]!;
        watch.moves.add(own);
        watch.bars += own.ts.length;
        watch.first = Math.min(watch.first, own.ts[0] ?? Infinity);
        watch.last = Math.max(watch.last, own.ts.at(-1) ?? -Infinity);
      }
      return passed;
    },
    report() {
      const dates = calendar.finish(asked.calendar);
      const { calendar: used } = dates;
      found = watches.map(({ repairs, moves, ...watch }, place) => {
        const findings = [
          ...[...repairs.values()].map((flaw) => findingOf(watch.symbol, flaw, 'repaired')),
          ...[...dates.gapsOf(place), ...moves.finish()].map((flaw) => findingOf(watch.symbol, flaw, 'warned')),
        ];
        return { ...watch, calendar: used, findings: findings.toSorted(byCheck) };
      });
      const kept = found
        .flatMap(({ findings }) => findings)
        .filter((finding) => asked[finding.check] !== 'ignore')
        .toSorted(byCheck);
      refuse(kept.filter((finding) => asked[finding.check] === 'refuse'));
      const bars = found.reduce((sum, each) => sum + each.bars, 0);
      return { calendar: used, bars, findings: kept.slice(0, MOST_FINDINGS), more: Math.max(0, kept.length - MOST_FINDINGS) };
    },
    ofSymbols: () => found,
  };
}

function watchOf(symbol: string): SymbolWatch {
  return { symbol, bars: 0, first: Infinity, last: -Infinity, repairs: new Map(), moves: createMoveWatch() };
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
