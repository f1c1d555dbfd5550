'use client';
import type { StrategyInfo } from '#shared/strategy.ts';
import type { RuleFault } from '#shared/rules.ts';
import { Field } from '@/components/field.tsx';
import { faultAt } from '@/components/spec/faults.ts';
import { FIRST_RULES } from '@/components/spec/first-rules.ts';
import { RulesFields } from '@/components/spec/rules-fields.tsx';
import { useApi } from '@/lib/use-api.ts';
import type { Change, Draft } from './draft.ts';
import { ParamsForm } from './params-form.tsx';

interface Props {
  draft: Draft;
  change: Change;
  faults: readonly RuleFault[];
}
/** A strategy by name with its parameters, or rules. */
export function StrategySection({ draft, change, faults }: Props) {
  const { data: strategies } = useApi<{ items: StrategyInfo[] }>('/v1/strategies');
  const { strategy } = draft;
  const { rules } = strategy;
  const chosen = strategies?.items.find(({ name }) => name === strategy.name);
  const choose = (name: string): void =>
    change((now) => ({ ...now, strategy: name === 'rules' ? { rules: FIRST_RULES } : { name, params: {} } }));
  return (
    <section>
      <h2 className="mb-2">Strategy</h2>
      <div className="mb-3 grid grid-cols-1 gap-3 sm:grid-cols-2">
        <Field label="Strategy" error={faultAt(faults, 'strategy.name')}>
          {(bound) => (
            <select {...bound} className="field" value={rules ? 'rules' : strategy.name} onChange={(event) => choose(event.target.value)}>
              <option value="rules">Rules of my own</option>
              {strategies === undefined && strategy.name !== undefined && <option>{strategy.name}</option>}
              {strategies?.items.map(({ name, title, error }) => (
                <option key={name} value={name} disabled={error !== null}>
                  {title}
                </option>
              ))}
            </select>
          )}
        </Field>
        <p className="self-end text-muted">{rules ? 'Conditions and numbers, read at the close of each bar.' : chosen?.description}</p>
      </div>
      {rules ? (
        <RulesFields strategy={strategy} onChange={(next) => change((now) => ({ ...now, strategy: { ...now.strategy, rules: next } }))} />
      ) : (
        chosen && (
          <ParamsForm
            schema={chosen.schema}
            values={strategy.params ?? {}}
            faults={faults}
            onChange={(params) => change((now) => ({ ...now, strategy: { ...now.strategy, params } }))}
          />
        )
      )}
    </section>
  );
}
