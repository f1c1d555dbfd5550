import { INDICATORS } from '../../engine/indicators/catalog.ts';
import { firstDecision } from '../../engine/indicators/warm-up.ts';
import { PRICE_COLUMNS, type Bars } from '../../shared/bars.ts';
import type { FunctionInfo, IndicatorInfo, RulesCheckReport } from '../../shared/rules.ts';
import { indicatorsOf, resolveColumns } from './columns.ts';
import { FUNCTIONS, signatureOf } from './functions.ts';
import type { NumberNode, Plane } from './graph.ts';
import { partsBelow } from './parts.ts';
import type { Program } from './program.ts';
import { checkRules, type RulesWithParams } from './rules-strategy.ts';

/** Every indicator of the library, for people and for completion. */
export function indicatorInfos(): IndicatorInfo[] {
  return [...INDICATORS.values()].map((definition) => {
    const { name, title, description, series, columns, params, outputs } = definition;
    const numbers = params.map((param) => ({ ...param }));
    return {
      name,
      title,
      description,
      signature: signatureOf(definition),
      series,
      columns: [...columns],
      params: numbers,
      outputs: [...outputs],
    };
  });
}

/** Everything else that can be called. */
export function functionInfos(): FunctionInfo[] {
  return [...FUNCTIONS].map(([name, { signature, description }]) => ({ name, signature, description }));
}

/** What can be said of rules without data. `further` are columns beside prices and volume. */
export function reportOnRules(spec: RulesWithParams, further: readonly string[] = []): RulesCheckReport {
  const { program, faults, warnings, params } = checkRules(spec, [...PRICE_COLUMNS, ...further]);
  if (program === null) return { faults, warnings, columns: [], indicators: [], params, lookback: null };
  const roots = rootsOf(program);
  const nodes = partsBelow(roots);
  const columns = new Set(nodes.flatMap((node) => (node.kind === 'column' ? [node.name] : [])));
  const indicators = new Set(nodes.flatMap((node) => (node.kind === 'indicator' ? [node.definition.name] : [])));
  return { faults, warnings, columns: [...columns], indicators: [...indicators], params, lookback: lookbackOf(roots, further) };
}

/** Every node that a program is computed from. */
function rootsOf({ conditions, numbers, rebalance }: Program): (NumberNode | Plane)[] {
  const all = [...Object.values(conditions), ...(rebalance === null || typeof rebalance === 'string' ? [] : [rebalance])];
  return [...all.flatMap(({ holds, fails }) => [holds, fails]), ...Object.values(numbers)];
}

const MAX_LOOKBACK = 65_536;

/** Bars before the first decision, found by trying: what each indicator says of itself would not add up where they are nested. */
function lookbackOf(roots: readonly (NumberNode | Plane)[], further: readonly string[]): number | null {
  for (let length = 256; length <= MAX_LOOKBACK; length *= 4) {
    const [columns] = resolveColumns(roots, [sampleBars(length, further)]);
    const first = firstDecision(...indicatorsOf(columns!));
    if (first < length) return first;
  }
  return null;
}

/** Bars that rise and fall, so that no indicator is undefined for want of a move. */
function sampleBars(length: number, further: readonly string[]): Bars {
  const close = Float64Array.from({ length }, (_, i) => 100 + ((i * 7) % 11) + ((i * 3) % 5));
  const column = (shift: number) => close.map((value) => value + shift);
  const extra = Object.fromEntries(further.map((name) => [name, column(0)]));
  const ts = Float64Array.from({ length }, (_, i) => i * 86_400_000);
  return { symbol: 'SAMPLE', ts, open: column(-0.5), high: column(1), low: column(-1), close, volume: column(0), extra };
}
