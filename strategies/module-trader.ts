import type { Json, Trader, TraderContext } from '../engine/trader.ts';
import type { Bars } from '../shared/bars.ts';
import { HoldfastError } from '../shared/errors.ts';
import type { Params } from '../shared/strategy.ts';
import type { StrategyModule } from './define-module.ts';
import { createModuleIndicators, type IndicatorUse, type ModuleContext } from './module-indicators.ts';
import { notPlain } from './plain-state.ts';

/** A module as it was loaded. */
export interface LoadedModule {
  name: string;
  /** Hash of its source, with what it imports. */
  sourceHash: string;
  module: StrategyModule;
}

export interface ModuleTraderOptions extends LoadedModule {
  params: Params;
  /** Of all symbols. */
  bars: readonly Bars[];
  /** Counted up at each entry into the module's code and at each return from it: an odd number means that it is inside. */
  pulse: Int32Array;
}

/** What a checkpoint keeps of a module. */
interface Memory {
  sourceHash: string;
  /** Null before `init`. */
  state: object | null;
  /** What it declared, so that people can be shown the same without its code; absent where it is nothing. */
  indicators?: Readonly<Record<string, IndicatorUse>>;
}

/** Asks a module at each bar. What it throws fails the run as `strategy_failed`, with the bar and the lines of its own source. */
export function createModuleTrader({ name, sourceHash, module, params, bars, pulse }: ModuleTraderOptions): Trader {
  const indicators = module.indicators?.(params) ?? {};
  const withIndicators = createModuleIndicators(indicators, bars);
  let view: ModuleContext | null = null;
  let state: object | null = null;

  function begin(context: ModuleContext): object {
    state = module.init(context, params);
    checkState(name, state);
    return state;
  }

  return {
    firstDecision: module.warmUp?.(params) ?? 0,
    decide(context) {
      pulse[0]!++;
      try {
        view ??= withIndicators(context);
        module.next(view, state ?? begin(view), params);
      } catch (error) {
        throw failedAt(name, context, error);
      } finally {
        pulse[0]!++;
      }
    },
    memory() {
      if (state !== null) checkState(name, state);
      return { sourceHash, state, ...(Object.keys(indicators).length > 0 && { indicators }) } as unknown as Json;
    },
    recall(memory) {
      const before = memory as unknown as Memory;
      if (before.sourceHash !== sourceHash) throw sourceChanged(name);
      state = before.state;
    },
  };
}

/** The hash of the module's source that a checkpoint's memory was left by; null where it is not a module's. */
export function sourceHashIn(memory: Json): string | null {
  const { sourceHash } = (memory ?? {}) as { sourceHash?: unknown };
  return typeof sourceHash === 'string' ? sourceHash : null;
}

/** The indicators that a checkpoint's memory was left with; null where it is not a module's. */
export function indicatorsIn(memory: Json): Memory['indicators'] | null {
  return sourceHashIn(memory) === null ? null : ((memory as unknown as Memory).indicators ?? {});
}

function checkState(name: string, state: unknown): void {
  const fault = typeof state === 'object' && state !== null && !Array.isArray(state) ? notPlain(state, 'state') : 'state is not an object';
  if (fault === null) return;
  throw new HoldfastError(
    'strategy_failed',
    `What ${name} remembers cannot be stored: ${fault}. Keep plain objects, arrays, numbers, strings, booleans and nulls in it.`,
  );
}

function sourceChanged(name: string): HoldfastError {
  return new HoldfastError(
    'strategy_changed',
    `${name} was edited after this run began, and half a run by each version would be neither. Start the run again, or put the old source back.`,
  );
}

/** Paths of the machine say nothing to whoever reads the run's error. */
const PROJECT = new URL('..', import.meta.url).href;

/** The error with the bar, and the part of its stack that lies in the module. */
function failedAt(name: string, context: TraderContext, error: unknown): HoldfastError {
  const where = `${name} failed at bar ${context.bar} (${new Date(context.time).toISOString()})`;
  if (!(error instanceof Error)) return new HoldfastError('strategy_failed', `${where}: it threw ${String(error)}`, { cause: error });
  const said = error instanceof HoldfastError ? error.message : `${error.name}: ${error.message}`;
  return new HoldfastError('strategy_failed', [`${where}: ${said}`, ...framesOf(error)].join('\n'), { cause: error });
}

function framesOf(error: Error): string[] {
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  const caller = frames.findIndex((line) => line.includes(import.meta.url));
  const own = frames.slice(0, caller < 0 ? 0 : caller).filter((line) => !line.includes(`${PROJECT}engine/`));
  return own.map((line) => line.replace(PROJECT, ''));
}
