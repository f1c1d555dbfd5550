import { setImmediate } from 'node:timers/promises';
import type * as z from 'zod';
import type { MarketData } from '../market-data/catalog.ts';
import { HoldfastError, type Fault } from '../shared/errors.ts';
import { faultsOf } from '../shared/faults.ts';
import { AccountSpec, BacktestSpec, StrategySpec } from '../shared/spec.ts';
import { checkSymbols } from '../strategies/catalog.ts';
import { checkAccount } from '../strategies/check-account.ts';
import type { ApiDependencies } from './dependencies.ts';

export interface CheckedSpec {
  /** Every default filled in, those of the strategy's parameters too. */
  spec: BacktestSpec;
  /** Bars to simulate, per symbol. */
  bars: number;
}

export interface CheckPorts extends Pick<ApiDependencies, 'strategies'> {
  /** Of the owner. */
  marketData: MarketData;
}

/** A spec as a client wrote it, checked against its schema, its strategy and its data. Fails with `invalid_spec`, naming every fault at once. */
export async function checkSpec(input: unknown, ports: CheckPorts): Promise<CheckedSpec> {
  const checked = await faultsOrSpec(input, ports);
  if ('faults' in checked) throw invalidSpec('The spec', checked.faults);
  return checked;
}

/** As {@link checkSpec}, for many: a fault's path begins with `items` and the number of its item. */
export async function checkSpecs(inputs: readonly unknown[], ports: CheckPorts): Promise<CheckedSpec[]> {
  const specs: CheckedSpec[] = [];
  const faults: Fault[] = [];
  for (const [k, input] of inputs.entries()) {
    // Other requests have their turn: each spec takes a part of a millisecond.
    if (k % CHECKED_AT_ONCE === CHECKED_AT_ONCE - 1) await setImmediate();
    const checked = await faultsOrSpec(input, ports);
    if ('faults' in checked) faults.push(...checked.faults.map((fault) => ({ ...fault, path: `items.${k}.${fault.path}` })));
    else specs.push(checked);
  }
  if (faults.length > 0) throw invalidSpec('The batch', faults);
  return specs;
}

const CHECKED_AT_ONCE = 10;

export function invalidSpec(what: string, faults: readonly Fault[]): HoldfastError {
  const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
  return new HoldfastError('invalid_spec', `${what} has ${count}. Correct what "errors" lists and send it again.`, { faults });
}

/** As {@link checkSpec}, with the faults as a value. */
export async function faultsOrSpec(input: unknown, { marketData, strategies }: CheckPorts): Promise<CheckedSpec | { faults: Fault[] }> {
  const parsed = BacktestSpec.safeParse(input);
  const written = parsed.success
    ? { strategy: parsed.data.strategy, spec: parsed.data, account: parsed.data.account }
    : soundParts(input, parsed.error.issues);
  const parts = { ...written, spec: written.spec && (await marketData.withMembers(written.spec)) };
  const data = parts.spec ? await marketData.check(parts.spec) : { bars: 0, columns: [], faults: [] };
  const strategy = parts.strategy ? await strategies.check(parts.strategy, data.columns) : { params: {}, faults: [] };
  const faults = [...(parsed.error ? faultsOf(parsed.error) : []), ...strategy.faults, ...tradingFaults(parts), ...data.faults];
  if (!parsed.success || faults.length > 0) return { faults };
  const { data: resolved } = parts.spec ?? parsed.data;
  return {
    spec: { ...parsed.data, data: resolved, strategy: { ...parsed.data.strategy, params: { ...strategy.params } } },
    bars: data.bars,
  };
}

/** What is wrong between the data and those who trade them; nothing where nobody knows the symbols. */
function tradingFaults({ strategy, spec, account }: SoundParts): Fault[] {
  if (spec === undefined || spec.data.symbols.length === 0) return [];
  return [...(strategy ? checkSymbols(strategy, spec.data) : []), ...(account ? checkAccount(account, spec.data) : [])];
}

interface SoundParts {
  strategy: StrategySpec | undefined;
  spec: BacktestSpec | undefined;
  account: AccountSpec | undefined;
}

/** What can be checked further in a spec that has faults: parts that are sound but for unknown fields. */
function soundParts(input: unknown, issues: readonly z.core.$ZodIssue[]): SoundParts {
  const { strategy, data, benchmark, account = {} } = withoutUnknownFields(input, issues);
  return {
    strategy: StrategySpec.safeParse(strategy).data,
    spec: BacktestSpec.safeParse({ strategy: { name: 'any' }, data, benchmark }).data,
    account: AccountSpec.safeParse(account).data,
  };
}

function withoutUnknownFields(input: unknown, issues: readonly z.core.$ZodIssue[]): Record<string, unknown> {
  if (typeof input !== 'object' || input === null) return {};
  const copy = structuredClone(input) as Record<PropertyKey, unknown>;
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const parent = issue.path.reduce((value, key) => value[key] as typeof copy, copy);
    for (const key of issue.keys) delete parent[key];
  }
  return copy;
}
