'use client';
import { useMemo, useState } from 'react';
import type { Rules, RulesInput, RuleFault } from '#shared/rules.ts';
import { functionInfos, indicatorInfos, reportOnRules } from '#strategies/rules/report.ts';
import type { Params } from '#shared/strategy.ts';
import { Icon } from '@/components/icon.tsx';
import { formatCount } from '@/lib/format.ts';
import { ExpressionEditor, type Completions } from './expression-editor.tsx';

type Field = Exclude<keyof RulesInput, 'params' | 'let'>;
const FIELDS: Record<Field, string> = {
  enterLong: 'Buy when',
  exitLong: 'Sell when',
  enterShort: 'Sell short when',
  exitShort: 'Buy back when',
  stopLoss: 'Stop loss, fraction',
  takeProfit: 'Take profit, fraction',
  trailingStop: 'Trailing stop, fraction',
  stopLossPrice: 'Stop loss, price',
  takeProfitPrice: 'Take profit, price',
  trailingStopPrice: 'Trailing stop, price',
  size: 'Size, fraction of the equity',
  maxEntries: 'Most entries at a time',
  exitSize: 'Size of an exit, fraction',
  limitPrice: 'Limit price',
  stopPrice: 'Stop price',
  expireBars: 'Bars an order waits',
  weight: 'Weight of a symbol',
  rebalance: 'Rebalance',
  universe: 'Only while',
  tag: 'Tag of an entry',
};
const COLUMNS = ['open', 'high', 'low', 'close', 'volume'];
const POSITION = ['entryPrice', 'barsHeld', 'side'];

interface Props {
  rules: RulesInput;
  params: Params;
  onChange: (rules: RulesInput) => void;
}

/** Rules as expressions, each with its faults at their place while they are typed: the same checker as the service's, in the browser. */
export function RulesEditor({ rules, params, onChange }: Props) {
  const report = useMemo(() => check(rules, params), [rules, params]);
  const completions = useMemo(() => completionsOf(rules), [rules]);
  const faultsOf = (path: string): readonly RuleFault[] => report.faults.filter((fault) => fault.path === `strategy.rules.${path}`);
  const used = (Object.keys(FIELDS) as Field[]).filter((field) => rules[field] !== undefined);
  const free = (Object.keys(FIELDS) as Field[]).filter((field) => rules[field] === undefined);
  const setLet = (next: Record<string, string>): void => onChange({ ...rules, let: next });
  const rest = report.faults.filter(
    ({ path }) => path === 'strategy.rules' || path.startsWith('strategy.rules.params') || path.startsWith('strategy.params'),
  );
  return (
    <div className="space-y-3">
      <div className="space-y-2">
        {Object.entries(rules.let ?? {}).map(([name, text]) => (
          <Row key={name} label={name} faults={faultsOf(`let.${name}`)} onRemove={() => setLet(without(rules.let ?? {}, name))}>
            <ExpressionEditor
              label={`Name ${name}`}
              value={text}
              faults={faultsOf(`let.${name}`)}
              completions={completions}
              onChange={(next) => setLet({ ...rules.let, [name]: next })}
            />
          </Row>
        ))}
        {used.map((field) => (
          <Row key={field} label={FIELDS[field]} faults={faultsOf(field)} onRemove={() => onChange(without(rules, field) as RulesInput)}>
            <ExpressionEditor
              label={FIELDS[field]}
              value={rules[field] ?? ''}
              faults={faultsOf(field)}
              completions={completions}
              onChange={(next) => onChange({ ...rules, [field]: next })}
            />
          </Row>
        ))}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <AddName taken={Object.keys(rules.let ?? {})} onAdd={(name) => setLet({ ...rules.let, [name]: 'close' })} />
        <select
          aria-label="Add a rule"
          className="field w-52"
          value=""
          onChange={(event) => onChange({ ...rules, [event.target.value]: 'close' })}
        >
          <option value="">Add a rule …</option>
          {free.map((field) => (
            <option key={field} value={field}>
              {FIELDS[field]}
            </option>
          ))}
        </select>
        <span className="text-xs text-muted">Parameters and their ranges are changed in the JSON.</span>
      </div>
      <ul className="space-y-0.5 text-xs" aria-live="polite">
        {rest.map(({ path, message }) => (
          <li key={path + message} className="text-loss">
            {path.replace('strategy.', '')} {message}
          </li>
        ))}
        {report.warnings.map(({ path, message }) => (
          <li key={path + message} className="text-warn">
            {path.replace('strategy.rules.', '')} {message}
          </li>
        ))}
        {report.lookback !== null && <li className="text-muted">The first decision is after {formatCount(report.lookback)} bars.</li>}
      </ul>
    </div>
  );
}

function Row({
  label,
  faults,
  onRemove,
  children,
}: {
  label: string;
  faults: readonly RuleFault[];
  onRemove: () => void;
  children: React.ReactNode;
}) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_28px] gap-x-2 sm:grid-cols-[180px_minmax(0,1fr)_28px]">
      <span className="col-span-2 truncate pt-1 font-medium sm:col-span-1">{label}</span>
      <div className="min-w-0">
        {children}
        {faults.map(({ message, from }) => (
          <p key={`${from} ${message}`} className="text-xs text-loss">
            {message}
          </p>
        ))}
      </div>
      <button type="button" className="button border-transparent px-0" aria-label={`Remove ${label}`} onClick={onRemove}>
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}

function AddName({ taken, onAdd }: { taken: readonly string[]; onAdd: (name: string) => void }) {
  const [name, setName] = useState('');
  const isGood = /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name) && !taken.includes(name);
  const add = (): void => {
    if (isGood) onAdd(name);
    setName('');
  };
  return (
    <span className="flex gap-1">
      <input
        aria-label="Name for an expression"
        placeholder="New name"
        className="field w-28"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <button type="button" className="button" disabled={!isGood} onClick={add}>
        Add
      </button>
    </span>
  );
}

function check(rules: RulesInput, params: Params): ReturnType<typeof reportOnRules> {
  try {
    return reportOnRules({ rules: { ...rules, params: rules.params ?? {}, let: rules.let ?? {} } as Rules, params });
  } catch (error) {
    // JSON that is no rules at all: the service says what is wrong with it.
    const message = error instanceof Error ? error.message : String(error);
    return { faults: [{ path: 'strategy.rules', message }], warnings: [], columns: [], indicators: [], params: {}, lookback: null };
  }
}

function without<Value extends object>(record: Value, name: string): Value {
  return Object.fromEntries(Object.entries(record).filter(([each]) => each !== name)) as Value;
}

function completionsOf(rules: RulesInput): Completions {
  return [
    ...COLUMNS.map((label) => ({ label, type: 'variable', detail: 'column' })),
    ...POSITION.map((label) => ({ label, type: 'variable', detail: 'position' })),
    ...Object.keys(rules.params ?? {}).map((label) => ({ label, type: 'constant', detail: 'parameter' })),
    ...Object.keys(rules.let ?? {}).map((label) => ({ label, type: 'variable', detail: 'name' })),
    ...indicatorInfos().map(({ name, signature, title }) => ({ label: name, type: 'function', detail: signature, info: title })),
    ...functionInfos().map(({ name, signature, description }) => ({ label: name, type: 'function', detail: signature, info: description })),
  ];
}
