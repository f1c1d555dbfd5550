import type * as z from 'zod';
import { HoldfastError } from '../shared/errors.ts';
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

type CheckPorts = Pick<ApiDependencies, 'marketData' | 'strategies'>;

/** A spec as a client wrote it, checked against its schema, its strategy and its data. Fails with `invalid_spec`, naming every fault at once. */
export async function checkSpec(input: unknown, { marketData, strategies }: CheckPorts): Promise<CheckedSpec> {
  const parsed = BacktestSpec.safeParse(input);
  const parts = parsed.success
    ? { strategy: parsed.data.strategy, spec: parsed.data, account: parsed.data.account }
    : soundParts(input, parsed.error.issues);
  const strategy = parts.strategy ? await strategies.check(parts.strategy) : { params: {}, faults: [] };
  const data = parts.spec ? await marketData.check(parts.spec) : { bars: 0, faults: [] };
  const symbols = parts.strategy && parts.spec ? checkSymbols(parts.strategy, parts.spec.data) : [];
  const account = parts.account && parts.spec ? checkAccount(parts.account, parts.spec.data) : [];
  const faults = [...(parsed.error ? faultsOf(parsed.error) : []), ...strategy.faults, ...symbols, ...account, ...data.faults];
  if (!parsed.success || faults.length > 0) {
    const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
    throw new HoldfastError('invalid_spec', `The spec has ${count}. Correct what "errors" lists and send it again.`, { faults });
  }
  return { spec: { ...parsed.data, strategy: { ...parsed.data.strategy, params: { ...strategy.params } } }, bars: data.bars };
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
