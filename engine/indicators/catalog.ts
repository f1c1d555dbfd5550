import { ema } from './ema.ts';
import type { IndicatorDefinition } from './indicator.ts';
import { rsi } from './rsi.ts';
import { sma } from './sma.ts';

const ALL: readonly IndicatorDefinition[] = [sma, ema, rsi];

/** Every indicator by its name, in the order in which they are listed. */
export const INDICATORS: ReadonlyMap<string, IndicatorDefinition> = new Map(ALL.map((indicator) => [indicator.name, indicator]));
